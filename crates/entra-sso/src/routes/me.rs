//! `{prefix}/me`: who is signed in, for a script of the application's own pages.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::header;
use serde_json::json;

use crate::signed_in::SignedIn;

pub(super) async fn show(user: SignedIn) -> Response {
    let body = json!({
        "username": user.username(),
        "name": user.name(),
        "email": user.email(),
        "first_name": user.user().first_name,
        "last_name": user.user().last_name,
        "is_staff": user.is_staff(),
        "is_superuser": user.is_superuser(),
        "session": {
            "started_at": user.session().started_at,
            "absolute_deadline": user.session().absolute_deadline,
        },
    });
    ([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}
