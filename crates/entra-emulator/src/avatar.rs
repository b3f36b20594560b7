//! Profile pictures that are drawn: a head and shoulders on a colour that belongs to the person.

mod png;

use std::collections::HashMap;

use bytes::Bytes;

use crate::guarded::Guarded;

/// How many pictures are kept.
const KEPT: usize = 256;
/// How many shades lie between background and figure.
const SHADES: u8 = 16;
/// Background colours; all of them carry a white figure.
const COLOURS: [[u8; 3]; 8] = [
    [0x00, 0x5b, 0x70],
    [0x8e, 0x56, 0x2e],
    [0x0b, 0x6a, 0x0b],
    [0x5c, 0x2e, 0x91],
    [0xa4, 0x26, 0x2c],
    [0x4f, 0x6b, 0xed],
    [0x7a, 0x75, 0x74],
    [0x03, 0x83, 0x87],
];

/// The picture of a user, square, PNG.
pub(crate) fn png(user_id: &str, pixels: u32) -> Bytes {
    static DRAWN: Guarded<Option<HashMap<(String, u32), Bytes>>> = Guarded::new(None);
    DRAWN.with(|drawn| {
        let drawn = drawn.get_or_insert_default();
        if drawn.len() >= KEPT {
            drawn.clear();
        }
        drawn.entry((user_id.to_owned(), pixels)).or_insert_with(|| draw(user_id, pixels)).clone()
    })
}

/// The background colours as CSS writes them.
pub(crate) fn colours() -> Vec<String> {
    COLOURS.iter().map(|[red, green, blue]| format!("#{red:02x}{green:02x}{blue:02x}")).collect()
}

/// Which of [`colours`] belongs to a user.
pub(crate) fn colour_index(user_id: &str) -> usize {
    user_id.bytes().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(byte))) % COLOURS.len()
}

fn background(user_id: &str) -> [u8; 3] {
    COLOURS[colour_index(user_id)]
}

fn draw(user_id: &str, pixels: u32) -> Bytes {
    let [red, green, blue] = background(user_id);
    let palette: Vec<[u8; 3]> = (0..SHADES)
        .map(|shade| {
            let mix = |from: u8| {
                let (from, shade, most) = (u16::from(from), u16::from(shade), u16::from(SHADES - 1));
                u8::try_from((from * (most - shade) + 245 * shade) / most).unwrap_or(u8::MAX)
            };
            [mix(red), mix(green), mix(blue)]
        })
        .collect();
    let mut rows = Vec::new();
    for y in 0..pixels {
        // Every row begins with the filter "none".
        rows.push(0);
        rows.extend((0..pixels).map(|x| shade(x, y, pixels)));
    }
    Bytes::from(png::encode(pixels, &palette, &rows))
}

/// How much of a pixel the figure covers.
fn shade(x: u32, y: u32, pixels: u32) -> u8 {
    let size = f64::from(pixels);
    let (x, y) = ((f64::from(x) + 0.5) / size, (f64::from(y) + 0.5) / size);
    let head = (x - 0.5).hypot(y - 0.38) - 0.17;
    let body = ((x - 0.5) / 0.33).hypot((y - 0.98) / 0.36).mul_add(0.34, -0.34);
    let covered = head.min(body).mul_add(-size, 0.5).clamp(0.0, 1.0);
    let levels = (0..SHADES).rev();
    levels.into_iter().find(|level| covered * f64::from(SHADES - 1) + 0.5 >= f64::from(*level)).unwrap_or_default()
}
