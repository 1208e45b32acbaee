//! An article's words as numbers, as `stream_app/core/dedup/words.py` has them.

use std::collections::HashMap;

pub const NUMBER: u8 = 1;
pub const CAPITAL: u8 = 2;
const KIND: u8 = 7 << 5;
const DIGIT: u8 = 5 << 5;
const SIGN: u8 = 16;
const STOP: u8 = 8;
const JOINER: u8 = 4;
const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
const TABLE_BITS: u32 = 12;
const HARM_LETTERS: usize = 12;
const MOST_KNOWN: usize = 1 << 14;

/// What the reference is made of: its tables are handed in, so that there is one of each.
pub struct Tables {
    pub classes: Vec<u8>,
    pub lower: Vec<u64>,
    pub base: u64,
    pub harm_begins: Vec<u8>,
    pub number_words: HashMap<u64, u64>,
    pub may_be_number: Vec<bool>,
    pub known: HashMap<String, u8>,
}

/// The words of a text in reading order; see `Words` of the reference.
#[derive(Default)]
pub struct Words {
    pub hashes: Vec<u64>,
    pub flags: Vec<u8>,
    pub lengths: Vec<usize>,
    pub opens: Vec<bool>,
    pub lines: Vec<usize>,
    pub numbers: Vec<usize>,
    pub texts: Vec<String>,
    pub harm: Vec<usize>,
    pub doubt: Vec<usize>,
}

pub fn mix(mut x: u64) -> u64 {
    x ^= x >> 33;
    x = x.wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    x ^= x >> 33;
    x = x.wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    x ^ x >> 33
}

impl Tables {
    pub fn top(hash: u64) -> usize {
        (hash >> (64 - TABLE_BITS)) as usize
    }

    fn polynomial(&self, letters: impl DoubleEndedIterator<Item = u64>) -> u64 {
        letters.rev().fold(0, |sum, letter| sum.wrapping_mul(self.base).wrapping_add(letter))
    }

    /// A blank before, three after, and blanks around the signs of scripts without them.
    fn padded(&self, text: &str) -> Vec<char> {
        let mut padded = Vec::with_capacity(text.len() + 4);
        padded.push(' ');
        for character in text.chars() {
            let class = self.classes[(character as usize).min(self.classes.len() - 1)];
            if class & SIGN != 0 {
                padded.extend([' ', character, ' ']);
            } else {
                padded.push(character);
            }
        }
        padded.extend([' ', ' ', ' ']);
        padded
    }

    /// The words of a text; None where only the reference knows. `told_by` says of a word whether it is one of harm (1)
    /// or doubt (2).
    pub fn read<E>(&mut self, text: &str, told_by: impl Fn(&str) -> Result<u8, E>) -> Result<Option<Words>, E> {
        let characters = self.padded(text);
        let size = characters.len();
        let mut lower = Vec::with_capacity(size);
        let mut classes = Vec::with_capacity(size);
        for &character in &characters {
            let at = (character as usize).min(self.classes.len() - 1);
            lower.push(self.lower[at]);
            classes.push(self.classes[at]);
        }
        let mut kinds: Vec<u8> = classes.iter().map(|class| class & KIND).collect();
        let inside: Vec<usize> = (1..size - 1)
            .filter(|&at| classes[at] & JOINER != 0 && kinds[at - 1] == DIGIT && kinds[at + 1] == DIGIT)
            .collect();
        for at in inside {
            kinds[at] = DIGIT;
            classes[at] = DIGIT;
        }
        let mut words = Words { lines: vec![0], ..Words::default() };
        let (mut opening, mut before) = (true, 0);
        for at in 0..size - 1 {
            // A stop before the first letter of a word opens it: those up to the character before it do.
            if classes[at] & STOP != 0 {
                opening = true;
                if characters[at] == '\n' {
                    words.lines.push(words.hashes.len());
                }
            }
            let (left, right) = (kinds[at], kinds[at + 1]);
            if left != 0 && (right.wrapping_sub(left) as i8) > 0 {
                if !self.add(&mut words, &characters, &lower, before, at, classes[before + 1], &told_by)? {
                    return Ok(None);
                }
            }
            if right > left {
                before = at;
                words.opens.push(opening);
                opening = false;
            }
        }
        if classes[size - 1] & STOP != 0 {
            return Ok(None);
        }
        Ok(Some(words))
    }

    /// One more word, from the character after `before` to `last`; false where only the reference knows.
    #[allow(clippy::too_many_arguments)]
    fn add<E>(
        &mut self,
        words: &mut Words,
        characters: &[char],
        lower: &[u64],
        before: usize,
        last: usize,
        class: u8,
        told_by: &impl Fn(&str) -> Result<u8, E>,
    ) -> Result<bool, E> {
        let (number, length) = (words.hashes.len(), last - before);
        let mut hash = mix(self.polynomial(lower[before + 1..=last].iter().copied()));
        let mut flags = class & (NUMBER | CAPITAL);
        if self.may_be_number[Self::top(hash)] {
            if let Some(&value) = self.number_words.get(&hash) {
                hash = value;
                flags |= NUMBER;
            }
        }
        if flags & NUMBER != 0 {
            let written = &characters[before + 1..=last];
            if written.contains(&',') {
                if class & NUMBER == 0 {
                    return Ok(false);
                }
                let digits: Vec<u64> = written.iter().filter(|&&c| c != ',').map(|&c| c as u64).collect();
                hash = mix(self.polynomial(digits.into_iter()));
            }
            words.numbers.push(number);
            words.texts.push(written.iter().collect());
        }
        let beginning = self.polynomial(lower[before + 1..before + 4].iter().copied()).wrapping_mul(ODD);
        if self.harm_begins[Self::top(beginning)] != 0 {
            let word: String = characters[before + 1..=last.min(before + HARM_LETTERS)].iter().collect();
            let told = match self.known.get(&word) {
                Some(&told) => told,
                None => {
                    let told = told_by(&word)?;
                    if self.known.len() >= MOST_KNOWN {
                        self.known.clear();
                    }
                    self.known.insert(word, told);
                    told
                }
            };
            match told {
                1 => words.harm.push(number),
                2 => words.doubt.push(number),
                _ => {}
            }
        }
        words.hashes.push(hash);
        words.flags.push(flags);
        words.lengths.push(length);
        Ok(true)
    }
}
