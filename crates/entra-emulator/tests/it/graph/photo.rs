use entra_emulator::{Emulator, Endpoint, Fault, Photo, seed};
use serde_json::{Value, json};

use super::get;
use crate::flow::{Ask, client, start, tokens};

async fn token(emulator: &Emulator, name: &str) -> String {
    let segment = if name == seed::PAT { "consumers" } else { seed::CONTOSO };
    tokens(emulator, &Ask::new(emulator).at(segment), name).await.text("access_token").to_owned()
}

async fn photo(emulator: &Emulator, token: &str, path: &str) -> (u16, String, Vec<u8>) {
    let response = client().get(format!("{}graph/v1.0/{path}", emulator.url())).bearer_auth(token).send().await;
    let response = response.expect("an answer");
    let content_type = response.headers()["content-type"].to_str().expect("text").to_owned();
    (response.status().as_u16(), content_type, response.bytes().await.expect("bytes").to_vec())
}

/// Width and height of a PNG, which is looked at chunk by chunk.
fn png_size(bytes: &[u8]) -> (u32, u32) {
    assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "a PNG");
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
    let mut names = Vec::new();
    let mut at = 8;
    while at < bytes.len() {
        names.push(bytes[at + 4..at + 8].to_vec());
        at += 12 + usize::try_from(number(at)).expect("a length");
    }
    assert_eq!(at, bytes.len(), "chunks end where the file ends");
    assert_eq!(names, [b"IHDR", b"PLTE", b"IDAT", b"IEND"]);
    (number(16), number(20))
}

#[tokio::test]
async fn every_size() {
    let emulator = start().await;
    let token = token(&emulator, seed::ADELE).await;
    let (status, content_type, bytes) = photo(&emulator, &token, "me/photo/$value").await;
    assert_eq!((status, content_type.as_str()), (200, "image/png"));
    assert_eq!(png_size(&bytes), (240, 240));
    assert!(bytes.len() < 10_000, "{} bytes", bytes.len());
    for size in [48, 64, 96, 120, 240, 360, 432, 504, 648] {
        let (status, _, bytes) = photo(&emulator, &token, &format!("me/photos/{size}x{size}/$value")).await;
        assert_eq!((status, png_size(&bytes)), (200, (size, size)));
    }
    assert_eq!(photo(&emulator, &token, "me/photos/50x50/$value").await.0, 404);
    let other = format!("users/{}/photo/%24value", seed::ADELE_ID);
    assert_eq!(photo(&emulator, &token, &other).await.0, 200, "an encoded dollar sign");
}

/// The small picture was once read with zlib and looked at; it is the same since.
#[tokio::test]
async fn the_drawing_is_the_one_that_was_looked_at() {
    let emulator = start().await;
    let token = token(&emulator, seed::ADELE).await;
    let (_, _, bytes) = photo(&emulator, &token, "me/photos/48x48/$value").await;
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &bytes);
    let first = &digest.as_ref()[..4];
    assert_eq!(first, [0x23, 0x2b, 0x48, 0x6a], "{} bytes", bytes.len());
}

#[tokio::test]
async fn a_file_is_served_as_it_is() {
    let emulator = start().await;
    let picture = Photo::file("image/jpeg", &b"\xff\xd8\xff\xe0 a picture"[..]);
    emulator.directory().change_user(seed::ALEX, |user| user.photo = Some(picture)).expect("a change");
    let token = token(&emulator, seed::ALEX).await;
    let (status, content_type, bytes) = photo(&emulator, &token, "me/photos/48x48/$value").await;
    assert_eq!((status, content_type.as_str()), (200, "image/jpeg"));
    assert_eq!(bytes, b"\xff\xd8\xff\xe0 a picture");
}

#[tokio::test]
async fn no_photo() {
    let emulator = start().await;
    let alex = token(&emulator, seed::ALEX).await;
    let (status, body) = get(&emulator, &alex, "v1.0/me/photo/$value").await;
    assert_eq!((status, &body["error"]["code"]), (404, &json!("ImageNotFound")));
    for code in ["ErrorItemNotFound", "GetUserPhoto", "ErrorEntityNotFound", "ConsumerPhotoIsNotSupported"] {
        emulator.faults().once(Fault::NoPhoto(code.to_owned()));
        let (status, body) = get(&emulator, &alex, "v1.0/me/photo/$value").await;
        assert_eq!((status, &body["error"]["code"]), (404, &json!(code)));
    }
    let (_, metadata) = get(&emulator, &alex, "v1.0/me/photo").await;
    assert_eq!((&metadata["@odata.mediaContentType"], &metadata["width"]), (&json!("image/gif"), &json!(1)));
}

#[tokio::test]
async fn metadata() {
    let emulator = start().await;
    let adele = token(&emulator, seed::ADELE).await;
    let (status, body) = get(&emulator, &adele, "v1.0/me/photo").await;
    assert_eq!((status, &body["@odata.mediaContentType"], &body["id"]), (200, &json!("image/png"), &json!("240x240")));
    assert_eq!(get(&emulator, &adele, "v1.0/me/photos/64x64").await.1["height"], 64);
    let pat = token(&emulator, seed::PAT).await;
    let (status, body): (u16, Value) = get(&emulator, &pat, "v1.0/me/photo").await;
    assert_eq!((status, &body["error"]["code"]), (404, &json!("ConsumerPhotoIsNotSupported")));
}

#[tokio::test]
async fn pictures_that_are_none() {
    let emulator = start().await;
    let token = token(&emulator, seed::ADELE).await;
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
    emulator.faults().once(Fault::PhotoText("image/svg+xml".to_owned(), svg.to_owned()));
    let (status, content_type, bytes) = photo(&emulator, &token, "me/photo/$value").await;
    assert_eq!((status, content_type.as_str(), bytes.as_slice()), (200, "image/svg+xml", svg.as_bytes()));
    emulator.faults().once(Fault::Oversized(Endpoint::Photo, 5_000_000));
    assert_eq!(photo(&emulator, &token, "me/photo/$value").await.2.len(), 5_000_000);
}
