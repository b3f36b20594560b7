use std::fmt;

use bytes::Bytes;

use crate::graph::error::{GraphError, GraphErrorKind};

/// A user's photo. What it is stands in its first bytes; what the server calls it counts for nothing.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Photo {
    /// `image/jpeg`, `image/png`, `image/gif` or `image/webp`.
    pub content_type: &'static str,
    /// The image.
    pub bytes: Bytes,
}

impl Photo {
    /// An image with the type that its first bytes tell.
    ///
    /// # Errors
    /// [`GraphErrorKind::Invalid`] when it is none of the four.
    pub fn new(bytes: Bytes) -> Result<Self, GraphError> {
        let content_type = content_type(&bytes)
            .ok_or_else(|| GraphError::new(GraphErrorKind::Invalid, "the photo is not a JPEG, PNG, GIF or WebP"))?;
        Ok(Self { content_type, bytes })
    }
}

fn content_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

impl fmt::Debug for Photo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Photo({}, {} bytes)", self.content_type, self.bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_decide() {
        for (bytes, expected) in [
            (&b"\xff\xd8\xff\xe0rest"[..], Some("image/jpeg")),
            (b"\x89PNG\r\n\x1a\nrest", Some("image/png")),
            (b"GIF89a", Some("image/gif")),
            (b"RIFF\0\0\0\0WEBPVP8 ", Some("image/webp")),
            (b"<svg xmlns='http://www.w3.org/2000/svg'>", None),
            (b"<html>", None),
            (b"", None),
            (b"RIFF\0\0\0\0WAVE", None),
        ] {
            assert_eq!(content_type(bytes), expected, "{bytes:?}");
        }
    }
}
