//! The parts of a signature, as `_sealed` in `stream_app/core/dedup/signature.py` makes them.

use crate::words::{Words, CAPITAL, NUMBER};
use std::collections::HashSet;

const LEAD_KEYS: usize = 3;
const QUERY_KEYS: usize = 32;
const LEAD_WORDS: usize = 100;
const LONG: usize = 6;
const MAX_WORDS: usize = 8192;
const MAX_NUMBERS: usize = 400;
const LONGEST_NUMBER: usize = 32;
const HARM_REACH: usize = 8;
const TOP: u16 = 0x8000;
const FIRST_LINES: usize = 2;
const LAST_LINES: usize = 5;
const MOST_OF_TITLE: usize = 60;
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
const BRONZE: u64 = 0x2545_F491_4F6C_DD1D;
const SILVER: u64 = 0xC2B2_AE3D_27D4_EB4F;

/// What the reference hands to `Signature`, but for what it hashes and searches itself.
pub struct Sealed {
    pub hashes: Vec<u8>,
    pub one_case: bool,
    pub title_harm: bool,
    pub keys: Vec<u8>,
    pub body: Vec<u8>,
    pub names: Vec<u8>,
    pub lines: Vec<u8>,
    pub title: Vec<u8>,
    pub title_numbers: Vec<u8>,
    pub places: Vec<u8>,
    pub harm: Vec<u8>,
    pub texts: String,
}

/// The parts for a text whose first line is the title; None where it is so short that only the reference knows.
pub fn sealed(all: &Words) -> Option<Sealed> {
    let at = all.lines.get(1).copied().unwrap_or(all.hashes.len());
    let hashes = &all.hashes[at..];
    if hashes.len() < 3 {
        return None;
    }
    let flags = &all.flags[at..];
    let lines: Vec<usize> = all.lines[1..].iter().map(|line| line - at).collect();
    let first = all.numbers.partition_point(|&number| number < at);
    let within = |places: &[usize]| -> Vec<usize> {
        places.iter().filter(|&&p| p >= at && p - at < MAX_WORDS).map(|&p| p - at).collect()
    };
    let (mut numbers, harm, mut doubt) = (within(&all.numbers), within(&all.harm), within(&all.doubt));
    numbers.truncate(MAX_NUMBERS);
    doubt.retain(|&word| is_near(&harm, word));
    let capitals = flags.iter().filter(|&&flag| flag >= CAPITAL).count();
    let share = capitals as f64 / flags.len() as f64;
    let one_case = !(0.015..=0.6).contains(&share);
    let body = &hashes[..hashes.len().min(MAX_WORDS)];
    let marks = numbers.iter().map(|&n| n as u16 | if is_near(&harm, n) { TOP } else { 0 });
    let told = harm.iter().take(MAX_NUMBERS).map(|&n| n as u16);
    let doubted = doubt.iter().take(MAX_NUMBERS).map(|&n| n as u16 | TOP);
    let texts: Vec<String> =
        all.texts[first..][..numbers.len()].iter().map(|text| text.chars().take(LONGEST_NUMBER).collect()).collect();
    Some(Sealed {
        hashes: hashes.iter().flat_map(|hash| hash.to_le_bytes()).collect(),
        one_case,
        title_harm: all.harm.first().is_some_and(|&word| word < at),
        keys: keys(body),
        body: body.iter().map(|hash| (hash >> 56) as u8).collect(),
        names: packed(&names(flags, &all.lengths[at..], &all.opens[at..], one_case)),
        lines: line_table(&lines, hashes),
        title: short(all.hashes[..at].iter().copied()),
        title_numbers: short(all.numbers[..first].iter().map(|&word| all.hashes[word])),
        places: marks.flat_map(u16::to_le_bytes).collect(),
        harm: told.chain(doubted).flat_map(u16::to_le_bytes).collect(),
        texts: texts.join("\u{1f}"),
    })
}

fn is_near(harm: &[usize], word: usize) -> bool {
    let first = harm.partition_point(|&h| h + HARM_REACH < word);
    harm.get(first).is_some_and(|&h| h <= word + HARM_REACH)
}

/// The keys to be found by, then those only to look up: distinct, the low halves of the smallest shingle hashes.
fn keys(body: &[u64]) -> Vec<u8> {
    let shingles: Vec<u64> = body
        .windows(3)
        .map(|w| {
            w[0].wrapping_mul(BRONZE).wrapping_add(w[1].wrapping_mul(GOLDEN)).wrapping_add(w[2].wrapping_mul(SILVER))
        })
        .collect();
    let mut found: Vec<u32> = Vec::with_capacity(QUERY_KEYS);
    let mut seen = HashSet::new();
    let lead = smallest(&shingles[..shingles.len().min(LEAD_WORDS)], 2 * LEAD_KEYS);
    found.extend(lead.into_iter().filter(|&key| seen.insert(key)).take(LEAD_KEYS));
    seen = found.iter().copied().collect();
    for key in smallest(&shingles, 2 * (QUERY_KEYS + LEAD_KEYS)) {
        if found.len() == QUERY_KEYS {
            break;
        }
        if seen.insert(key) {
            found.push(key);
        }
    }
    found.into_iter().flat_map(u32::to_le_bytes).collect()
}

fn smallest(shingles: &[u64], count: usize) -> Vec<u32> {
    let mut some = shingles.to_vec();
    if some.len() > count {
        some.select_nth_unstable(count);
        some.truncate(count);
    }
    some.sort_unstable();
    some.into_iter().map(|shingle| shingle as u32).collect()
}

fn names(flags: &[u8], lengths: &[usize], opens: &[bool], one_case: bool) -> Vec<bool> {
    if one_case {
        return flags.iter().zip(lengths).map(|(flag, &size)| size >= LONG && flag & NUMBER == 0).collect();
    }
    let inside: Vec<bool> = flags.iter().zip(opens).map(|(&flag, &opens)| flag == CAPITAL && !opens).collect();
    (0..flags.len())
        .map(|at| inside[at] || (flags[at] == CAPITAL && inside.get(at + 1).copied().unwrap_or(false)))
        .collect()
}

fn packed(bits: &[bool]) -> Vec<u8> {
    bits[..bits.len().min(MAX_WORDS)]
        .chunks(8)
        .map(|chunk| chunk.iter().enumerate().fold(0, |byte, (at, &bit)| byte | u8::from(bit) << (7 - at)))
        .collect()
}

/// Hash, first word and number of words of the first and last lines that have words.
fn line_table(lines: &[usize], hashes: &[u64]) -> Vec<u8> {
    let count = lines.len();
    if count < 2 {
        return Vec::new();
    }
    let last = FIRST_LINES.max(count.saturating_sub(LAST_LINES));
    let mut table = Vec::new();
    for at in (0..FIRST_LINES.min(count)).chain(last..count) {
        let (start, end) = (lines[at], lines.get(at + 1).copied().unwrap_or(hashes.len()));
        if start < end {
            let (from, to) = (start.min(MAX_WORDS), end.min(MAX_WORDS));
            table.extend(crc32(&hashes[start..end]).to_le_bytes());
            table.extend((from as u16).to_le_bytes());
            table.extend(((to - from) as u16).to_le_bytes());
        }
    }
    table
}

const CRC: [u32; 256] = crc_table();

const fn crc_table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut value = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { 0xEDB8_8320 ^ value >> 1 } else { value >> 1 };
            bit += 1;
        }
        table[byte] = value;
        byte += 1;
    }
    table
}

fn crc32(hashes: &[u64]) -> u32 {
    let bytes = hashes.iter().flat_map(|hash| hash.to_le_bytes());
    !bytes.fold(!0, |crc, byte| CRC[((crc ^ u32::from(byte)) & 0xFF) as usize] ^ crc >> 8)
}

/// Up to 60 distinct 16-bit hashes, sorted.
fn short(hashes: impl Iterator<Item = u64>) -> Vec<u8> {
    let mut found: Vec<u16> = hashes.map(|hash| (hash >> 16) as u16).collect();
    found.sort_unstable();
    found.dedup();
    found.truncate(MOST_OF_TITLE);
    found.into_iter().flat_map(u16::to_le_bytes).collect()
}
