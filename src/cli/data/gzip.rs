//! What is compressed with gzip: one member or several, with the padding behind them that `gzip` itself passes over.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

/// The first bytes of a member.
pub(super) const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Unpacks members, one behind the other. Whoever meets its error has read all that was packed before the place.
pub(super) struct Unpacked<R> {
    /// None behind the last one.
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Unpacked<R> {
    pub(super) fn new(source: R) -> Self {
        Self { member: Some(GzDecoder::new(source)) }
    }
}

impl<R: BufRead> Read for Unpacked<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let read = member.read(into)?;
            if read > 0 || into.is_empty() {
                return Ok(read);
            }
            let Some(mut source) = self.member.take().map(GzDecoder::into_inner) else { break };
            if another(&mut source)? {
                self.member = Some(GzDecoder::new(source));
            }
        }
        Ok(0)
    }
}

/// Whether another member follows. Zeros are what tapes and disks fill their blocks with; nothing follows them.
fn another(source: &mut impl BufRead) -> io::Result<bool> {
    let mut padded = false;
    loop {
        let bytes = match source.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            bytes => bytes?,
        };
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        padded |= zeros > 0;
        match bytes.get(zeros) {
            None if zeros == 0 => return Ok(false),
            None => source.consume(zeros),
            Some(first) if !padded && GZIP.first() == Some(first) => return Ok(true),
            Some(_) => {
                let garbage = "what follows its gzip data is no gzip; all before it was read";
                return Err(io::Error::new(io::ErrorKind::InvalidData, garbage));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn packed(text: &str) -> Vec<u8> {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        writer.write_all(text.as_bytes()).unwrap();
        writer.finish().unwrap()
    }

    /// What is read, and whether an error follows. The source comes in pieces, so that they end in every place.
    fn unpacked(bytes: &[u8]) -> (String, bool) {
        let mut text = Vec::new();
        let read = Unpacked::new(io::BufReader::with_capacity(3, bytes)).read_to_end(&mut text);
        (String::from_utf8(text).unwrap(), read.is_err())
    }

    #[test]
    fn padding_is_passed_over_and_nothing_else() {
        let (one, two) = (packed("one "), packed("two"));
        let both = [one.clone(), two.clone()].concat();
        let behind = |more: &[u8]| unpacked(&[&both, more].concat());
        assert_eq!(behind(b""), ("one two".to_owned(), false));
        assert_eq!(behind(&[0]), ("one two".to_owned(), false));
        assert_eq!(behind(&[0; 5000]), ("one two".to_owned(), false));
        for garbage in [b"x".as_slice(), b"\0\0x", b"\x1fx", &[&[0], two.as_slice()].concat()] {
            assert_eq!(behind(garbage), ("one two".to_owned(), true), "{garbage:?}");
        }
        let cut = both.split_last().unwrap().1;
        assert!(unpacked(cut).1, "cut in the middle");
    }
}
