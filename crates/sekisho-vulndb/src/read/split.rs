//! Cuts long JSON lists into their elements while reading, so that a file of gigabytes needs no more memory than one element, and its
//! elements can be parsed on all cores.

use std::io::{self, BufRead};

/// Reads the elements (objects) of one array: the outermost value, or what stands under a key of the outermost object.
pub(crate) struct Splitter<R> {
    input: R,
    /// The key whose array is read; none: the outermost value is the array.
    key: Option<&'static [u8]>,
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// Whether the array is being read.
    inside: bool,
    done: bool,
    element: Vec<u8>,
    /// What stands outside of the array, as far as it is kept.
    outside: Vec<u8>,
    /// The last string in the outermost object, and whether a colon has followed it.
    last: Vec<u8>,
    after_key: bool,
    most: usize,
}

/// Why an element could not be given.
#[derive(Debug)]
pub(crate) enum Fault {
    /// Reading failed.
    Io(io::Error),
    /// The list ends before its end.
    CutOff,
    /// An element is larger than allowed; it was skipped.
    TooLarge,
}

/// What is kept of the text around the list. All its members are numbers and dates.
const OUTSIDE: usize = 64 << 10;

impl<R: BufRead> Splitter<R> {
    /// Reads the array under `key`, or the outermost one, elements of at most `most` bytes.
    pub(crate) fn new(input: R, key: Option<&'static [u8]>, most: usize) -> Self {
        Self {
            input,
            key,
            depth: 0,
            in_string: false,
            escaped: false,
            inside: false,
            done: false,
            element: Vec::new(),
            outside: Vec::new(),
            last: Vec::new(),
            after_key: false,
            most,
        }
    }

    /// What stood around the list, with the list empty; complete once the last element was given.
    pub(crate) fn outside(&self) -> &[u8] {
        &self.outside
    }

    /// The next element.
    pub(crate) fn next(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        let mut too_large = false;
        while !self.done {
            let chunk = self.input.fill_buf().map_err(Fault::Io)?;
            if chunk.is_empty() {
                self.done = true;
                return Err(Fault::CutOff);
            }
            // The depth at which an element of the array begins.
            let base = usize::from(self.key.is_some()) + 1;
            let mut used = 0;
            let mut complete = false;
            for &byte in chunk {
                used += 1;
                // Within an element nothing but its end matters.
                let within = self.inside && self.depth > base;
                let mut keep_outside = !self.inside;
                if self.in_string {
                    if self.escaped {
                        self.escaped = false;
                    } else if byte == b'\\' {
                        self.escaped = true;
                    } else if byte == b'"' {
                        self.in_string = false;
                    }
                    if self.in_string && self.depth == 1 && self.last.len() < 64 {
                        self.last.push(byte);
                    }
                } else {
                    match byte {
                        b'"' => {
                            self.in_string = true;
                            if self.depth == 1 {
                                self.last.clear();
                                self.after_key = false;
                            }
                        }
                        b':' if self.depth == 1 => self.after_key = true,
                        b'{' | b'[' => {
                            self.depth += 1;
                            let here = match self.key {
                                None => self.depth == 1,
                                Some(key) => self.depth == 2 && self.after_key && self.last == key,
                            };
                            if byte == b'[' && here && !self.inside {
                                self.inside = true;
                            } else if self.inside && self.depth == base + 1 {
                                self.element.clear();
                                too_large = false;
                            }
                        }
                        b'}' | b']' => {
                            self.depth = self.depth.saturating_sub(1);
                            if within && self.depth == base {
                                complete = true;
                            } else if self.inside && self.depth < base {
                                self.inside = false;
                                keep_outside = true;
                                // Another array under the same key would be a second list.
                            }
                            self.done = self.depth == 0;
                        }
                        b',' if self.depth == 1 => self.after_key = false,
                        _ => {}
                    }
                }
                if within || (self.inside && self.depth > base) {
                    if self.element.len() < self.most {
                        self.element.push(byte);
                    } else {
                        too_large = true;
                    }
                } else if keep_outside && self.outside.len() < OUTSIDE {
                    self.outside.push(byte);
                }
                if complete || self.done {
                    break;
                }
            }
            self.input.consume(used);
            if complete {
                return if too_large { Err(Fault::TooLarge) } else { Ok(Some(std::mem::take(&mut self.element))) };
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Splitter};

    fn all(text: &str, key: Option<&'static [u8]>, buffer: usize) -> (Vec<String>, String, bool) {
        let mut splitter = Splitter::new(std::io::BufReader::with_capacity(buffer, text.as_bytes()), key, 64);
        let mut elements = Vec::new();
        let mut sound = true;
        loop {
            match splitter.next() {
                Ok(Some(element)) => elements.push(String::from_utf8(element).unwrap()),
                Ok(None) => break,
                Err(Fault::TooLarge) => elements.push("too large".to_owned()),
                Err(_) => {
                    sound = false;
                    break;
                }
            }
        }
        (elements, String::from_utf8_lossy(splitter.outside()).into_owned(), sound)
    }

    #[test]
    fn elements_whatever_the_buffer() {
        let text = r#"{"n":"vulnerabilities","total":2,"vulnerabilities":[{"a":"]}\""},
            {"b":[{"vulnerabilities":[]}]}],"end":{"x":[1]}}"#;
        for buffer in 1..80 {
            let (elements, outside, sound) = all(text, Some(b"vulnerabilities"), buffer);
            assert_eq!(elements, [r#"{"a":"]}\""}"#, r#"{"b":[{"vulnerabilities":[]}]}"#]);
            let value: serde_json::Value = serde_json::from_str(&outside).unwrap();
            assert_eq!(value["total"], 2);
            assert_eq!(value["vulnerabilities"], serde_json::json!([]));
            assert!(sound);
        }
    }

    #[test]
    fn the_outermost_list() {
        let (elements, _, sound) = all(r#" [{"a":1},{"b":2}]"#, None, 7);
        assert_eq!(elements, [r#"{"a":1}"#, r#"{"b":2}"#]);
        assert!(sound);
    }

    #[test]
    fn cut_off_and_too_large() {
        let text = format!(r#"[{{"a":"{}"}},{{"b":2}}]"#, "x".repeat(100));
        assert_eq!(all(&text, None, 7).0, ["too large", r#"{"b":2}"#]);
        for end in 0..text.len() {
            assert!(!all(&text[..end], None, 7).2, "{end}");
        }
    }
}
