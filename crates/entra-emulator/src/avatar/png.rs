//! A PNG writer for pictures of few colours (PNG specification; DEFLATE is RFC 1951 with fixed codes and runs).

/// The longest run that one DEFLATE length can say.
const LONGEST_RUN: usize = 258;

/// A square picture with a palette. `rows` holds, for each row, a filter byte and one palette index a pixel.
pub(super) fn encode(pixels: u32, palette: &[[u8; 3]], rows: &[u8]) -> Vec<u8> {
    let mut file = vec![0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n'];
    let mut header = Vec::new();
    header.extend(pixels.to_be_bytes());
    header.extend(pixels.to_be_bytes());
    // 8 bits a pixel, with palette, standard compression and filters, not interlaced.
    header.extend([8, 3, 0, 0, 0]);
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"PLTE", &palette.concat());
    chunk(&mut file, *b"IDAT", &zlib(rows));
    chunk(&mut file, *b"IEND", &[]);
    file
}

fn chunk(file: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    file.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    let start = file.len();
    file.extend(name);
    file.extend(data);
    let crc = crc32(&file[start..]);
    file.extend(crc.to_be_bytes());
}

fn zlib(data: &[u8]) -> Vec<u8> {
    let mut bits = Bits { out: vec![0x78, 0x01], held: 0, count: 0 };
    // One final block with fixed codes.
    bits.push(1, 1);
    bits.push(1, 2);
    let mut rest = data;
    while let Some((first, after)) = rest.split_first() {
        bits.literal(*first);
        let run = after.iter().take(LONGEST_RUN).take_while(|byte| *byte == first).count();
        if run >= 3 {
            bits.repeat_last(run);
        }
        rest = if run >= 3 { &after[run..] } else { after };
    }
    bits.code(0, 7);
    let mut out = bits.finish();
    out.extend(adler32(data).to_be_bytes());
    out
}

/// Bits, least significant first.
struct Bits {
    out: Vec<u8>,
    held: u32,
    count: u32,
}

impl Bits {
    fn push(&mut self, value: u32, count: u32) {
        self.held |= value << self.count;
        self.count += count;
        while self.count >= 8 {
            self.out.push(self.held.to_le_bytes()[0]);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    /// A Huffman code: most significant bit first.
    fn code(&mut self, code: u32, count: u32) {
        self.push(code.reverse_bits() >> (32 - count), count);
    }

    fn literal(&mut self, byte: u8) {
        let byte = u32::from(byte);
        if byte < 144 { self.code(0x30 + byte, 8) } else { self.code(0x190 + byte - 144, 9) }
    }

    /// Repeats the last byte `run` (3 to 258) times.
    fn repeat_last(&mut self, run: usize) {
        let run = u32::try_from(run).unwrap_or(3);
        let (symbol, extra, bits) = match run {
            3..=10 => (254 + run, 0, 0),
            258 => (285, 0, 0),
            _ => {
                let offset = run - 3;
                let bits = offset.ilog2() - 2;
                let group = (offset >> bits) - 4;
                (257 + 4 * (bits + 1) + group, offset & ((1 << bits) - 1), bits)
            }
        };
        if symbol < 280 {
            self.code(symbol - 256, 7);
        } else {
            self.code(0xc0 + symbol - 280, 8);
        }
        self.push(extra, bits);
        // Distance 1.
        self.code(0, 5);
    }

    fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.push(0, 8 - self.count);
        }
        self.out
    }
}

fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 })
    })
}

fn adler32(data: &[u8]) -> u32 {
    let (low, high) = data.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65521;
        (low, (high + low) % 65521)
    });
    high << 16 | low
}
