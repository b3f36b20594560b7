//! The profile photo and its metadata.

use serde_json::json;

use crate::answer::{Answer, json as json_answer, with_type};
use crate::avatar;
use crate::directory::{Photo, User};
use crate::faults::{Fault, Point};

use super::ask::Ask;

/// The size when none is named.
pub(super) const DEFAULT: &str = "240x240";

const SIZES: [u32; 9] = [48, 64, 96, 120, 240, 360, 432, 504, 648];

/// `/photo/$value` and `/photos/{size}/$value`
pub(super) fn value(ask: &Ask<'_>, user: &User, size: &str) -> Answer {
    for fault in ask.call.service.faults.take(Point::Photo) {
        match fault {
            Fault::NoPhoto(code) => return not_found(ask, &code),
            Fault::PhotoText(content_type, body) => {
                let mut answer = with_type(200, "application/octet-stream", body);
                if let Ok(value) = http::HeaderValue::try_from(content_type) {
                    answer.headers_mut().insert(http::header::CONTENT_TYPE, value);
                }
                return answer;
            }
            _ => {}
        }
    }
    let Some(pixels) = pixels(size) else { return not_found(ask, "ImageNotFound") };
    match &user.photo {
        None => not_found(ask, "ImageNotFound"),
        Some(Photo::Drawn) => with_type(200, "image/png", avatar::png(&user.id, pixels)),
        Some(Photo::File { content_type, bytes }) => {
            let mut answer = with_type(200, "image/jpeg", bytes.clone());
            if let Ok(value) = http::HeaderValue::try_from(content_type) {
                answer.headers_mut().insert(http::header::CONTENT_TYPE, value);
            }
            answer
        }
    }
}

/// `/photo` and `/photos/{size}`: a one-pixel GIF stands for no photo; personal accounts have no metadata.
pub(super) fn metadata(ask: &Ask<'_>, user: &User, size: &str) -> Answer {
    if user.is_personal() {
        return not_found(ask, "ConsumerPhotoIsNotSupported");
    }
    let Some(pixels) = pixels(size) else { return not_found(ask, "ImageNotFound") };
    let (content_type, pixels) = match &user.photo {
        None => ("image/gif", 1),
        Some(Photo::Drawn) => ("image/png", pixels),
        Some(Photo::File { content_type, .. }) => (content_type.as_str(), pixels),
    };
    let body = json!({
        "@odata.context": ask.context(&format!("users('{}')/photo/$entity", user.id)),
        "@odata.mediaContentType": content_type,
        "@odata.mediaEtag": format!("\"{}\"", user.id),
        "id": format!("{pixels}x{pixels}"),
        "width": pixels,
        "height": pixels,
    });
    json_answer(200, &body)
}

fn not_found(ask: &Ask<'_>, code: &str) -> Answer {
    ask.failure(404, code, "The photo wasn't found.")
}

/// `48x48` and the other sizes that Graph knows.
fn pixels(size: &str) -> Option<u32> {
    SIZES.into_iter().find(|pixels| format!("{pixels}x{pixels}").eq_ignore_ascii_case(size))
}
