//! `/users/{id}/picture`: the picture, as a picture and nothing else.

use axum::{
    extract::Path,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, header};

use super::desk::Desk;
use crate::{errors::RefusalKind, refusal::Refusal, users::Picture};

pub(super) async fn show(Path(id): Path<String>, desk: Desk) -> Response {
    desk.answer(read(&desk, &id).await)
}

async fn read(desk: &Desk, id: &str) -> Result<Response, Refusal> {
    let user = desk.user(id).await?;
    let picture = desk.context().users.picture(&user.id).await?;
    let picture = picture.ok_or_else(|| Refusal::new(RefusalKind::AdminUserUnknown, "the user has no picture"))?;
    Ok(served(picture))
}

/// Whatever the bytes are, a browser takes them for the picture that they were stored as, and runs nothing.
fn served(picture: Picture) -> Response {
    let name = match picture.content_type {
        "image/png" => "inline; filename=\"picture.png\"",
        "image/gif" => "inline; filename=\"picture.gif\"",
        "image/webp" => "inline; filename=\"picture.webp\"",
        _ => "inline; filename=\"picture.jpg\"",
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(picture.content_type)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(name)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (http::HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    ];
    (headers, picture.bytes).into_response()
}
