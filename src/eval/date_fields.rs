//! The fields of PostgreSQL's date input, and the words it knows.

use super::boolean::is_c_space;

const MAX_LENGTH: usize = 150;
const MAX_FIELDS: usize = 25;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Date,
    Time,
    Zone,
    Word,
    SignedWord,
}

/// Cuts a text into lower-case fields.
pub(super) fn split_fields(text: &str) -> Option<Vec<(Kind, String)>> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    let mut scan = Scanner { chars: text.chars().collect(), at: 0 };
    let mut fields = Vec::new();
    while let Some(c) = scan.peek() {
        if is_c_space(c) {
            scan.at += 1;
            continue;
        }
        let mut field = String::new();
        let kind = match c {
            '0'..='9' => scan.numeric(&mut field),
            '.' => {
                field.push(c);
                scan.at += 1;
                scan.take(&mut field, |c| c.is_ascii_digit());
                Kind::Number
            }
            c if c.is_ascii_alphabetic() => scan.word(&mut field),
            '+' | '-' => scan.signed(&mut field)?,
            c if c.is_ascii_punctuation() => {
                scan.at += 1;
                continue;
            }
            _ => return None,
        };
        fields.push((kind, field));
        if fields.len() > MAX_FIELDS {
            return None;
        }
    }
    Some(fields)
}

struct Scanner {
    chars: Vec<char>,
    at: usize,
}

impl Scanner {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self, field: &mut String, wanted: impl Fn(char) -> bool) {
        while let Some(c) = self.peek().filter(|&c| wanted(c)) {
            field.push(c.to_ascii_lowercase());
            self.at += 1;
        }
    }

    /// A field that starts with a digit: a number, a time (`:`) or a date (`-`, `/`, `.`).
    fn numeric(&mut self, field: &mut String) -> Kind {
        self.take(field, |c| c.is_ascii_digit());
        match self.peek() {
            Some(':') => {
                self.take(field, |c| c.is_ascii_digit() || c == ':' || c == '.');
                Kind::Time
            }
            Some(mark @ ('-' | '/' | '.')) => {
                field.push(mark);
                self.at += 1;
                if !self.peek().is_some_and(|c| c.is_ascii_digit()) {
                    self.take(field, |c| c.is_ascii_alphanumeric() || c == mark);
                    return Kind::Date;
                }
                self.take(field, |c| c.is_ascii_digit());
                if self.peek() == Some(mark) {
                    self.take(field, |c| c.is_ascii_digit() || c == mark);
                    return Kind::Date;
                }
                if mark == '.' { Kind::Number } else { Kind::Date }
            }
            _ => Kind::Number,
        }
    }

    /// A field that starts with a letter: a word, or a date such as `jun-05-2026`.
    fn word(&mut self, field: &mut String) -> Kind {
        self.take(field, |c| c.is_ascii_alphabetic());
        let is_date = match self.peek() {
            Some('-' | '/' | '.') => true,
            Some(c) if c == '+' || c.is_ascii_digit() => Word::of(field).is_none(),
            _ => false,
        };
        if !is_date {
            return Kind::Word;
        }
        self.take(field, |c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '/' | '_' | '.' | ':'));
        Kind::Date
    }

    /// A field that starts with a sign: a zone offset, or a signed word such as `-infinity`.
    fn signed(&mut self, field: &mut String) -> Option<Kind> {
        field.push(self.peek()?);
        self.at += 1;
        while self.peek().is_some_and(is_c_space) {
            self.at += 1;
        }
        match self.peek() {
            Some(c) if c.is_ascii_digit() => {
                self.take(field, |c| c.is_ascii_digit() || matches!(c, ':' | '.' | '-'));
                Some(Kind::Zone)
            }
            Some(c) if c.is_ascii_alphabetic() => {
                self.take(field, |c| c.is_ascii_alphabetic());
                Some(Kind::SignedWord)
            }
            _ => None,
        }
    }
}

/// A word that PostgreSQL knows in dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Month(i64),
    Weekday,
    /// A day relative to today, and whether the word also fixes the time (`now`).
    Relative(i64, bool),
    Epoch,
    Infinity,
    NegInfinity,
    Bc,
    Ad,
    AmPm,
    Ignored,
    /// The `T` between date and time.
    TimeMark,
    Julian,
    /// `allballs`: midnight in UTC.
    Midnight,
    Zone,
    MovingZone,
    Dst,
}

const MONTHS: [(&str, &str); 12] = [
    ("jan", "january"),
    ("feb", "february"),
    ("mar", "march"),
    ("apr", "april"),
    ("may", "may"),
    ("jun", "june"),
    ("jul", "july"),
    ("aug", "august"),
    ("sep", "september"),
    ("oct", "october"),
    ("nov", "november"),
    ("dec", "december"),
];

const WEEKDAYS: &str = " sun sunday mon monday tue tues tuesday wed weds wednesday thu thur thurs thursday \
    fri friday sat saturday ";

/// PostgreSQL's default set of zone abbreviations: those that have been of one offset at all times.
const ZONES: &str = " acst act acwst aest aft akst almt amt ast awst azot bdt bnt bort bot bra brt btt cast cct cet chast \
    chut cot cst cxt ddut eat eet egt est fet fjt fnt galt gamt gft gilt gmt hkt hst ict irt ist jayt \
    jst kst lhst ligt mart met mez mht mmt mpt mst mut mvt myt nft npt nst nzst nzt pet pgt pht pkt pmst \
    pont pst pwt ret sast sct taht tft tjt tot trut tvt uct ut utc uyt uzt vut wakt wast wat wet wft wgt \
    xjt yapt z zulu ";

/// Those of summer times, and of zones whose offset has changed.
const MOVING_ZONES: &str = " acdt acsst adt aedt aesst akdt almst amst anast anat arst art awsst azost azst azt bdst brst bst \
    cadt cdt cest cetdst chadt ckt clst clt davt easst east edt eest eetdst egst fjst fkst fkt fnst gest \
    get gyt idt iot irkst irkt kdt kgst kgt kost krast krat lhdt lint lkt magst magt mawt mdt mest mesz \
    metdst msd msk must ndt novst novt nut nzdt omsst omst pdt petst pett pkst pmdt pyst pyt sadt sgt \
    tkt tmt ulast ulat uyst uzst vet vlast vlat volt wadt wdt wetdst wgst yakst yakt yekst yekt ";

fn listed(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|listed| listed == word)
}

impl Word {
    /// The words of the date grammar itself, without zones.
    pub(super) fn of(word: &str) -> Option<Self> {
        let month = MONTHS.iter().zip(1..).find(|((short, long), _)| word == *short || word == *long);
        if let Some((_, number)) = month {
            return Some(Self::Month(number));
        }
        Some(match word {
            "sept" => Self::Month(9),
            "today" => Self::Relative(0, false),
            "tomorrow" => Self::Relative(1, false),
            "yesterday" => Self::Relative(-1, false),
            "now" => Self::Relative(0, true),
            "epoch" => Self::Epoch,
            "infinity" | "+infinity" => Self::Infinity,
            "-infinity" => Self::NegInfinity,
            "bc" => Self::Bc,
            "ad" => Self::Ad,
            "am" | "pm" => Self::AmPm,
            "at" | "on" => Self::Ignored,
            "t" => Self::TimeMark,
            "j" | "jd" | "julian" => Self::Julian,
            "allballs" => Self::Midnight,
            "dst" => Self::Dst,
            _ if listed(WEEKDAYS, word) => Self::Weekday,
            _ => return None,
        })
    }

    /// Words and zones: zone abbreviations win, as in PostgreSQL (`sat`, `mar` are none).
    pub(super) fn or_zone(word: &str) -> Option<Self> {
        if listed(ZONES, word) {
            return Some(Self::Zone);
        }
        if listed(MOVING_ZONES, word) {
            return Some(Self::MovingZone);
        }
        Self::of(word).or_else(|| is_named_zone(word).then_some(Self::Zone))
    }
}

/// A zone by its name, or by its hours as POSIX writes them: `Europe/Berlin`, `gmt+3`, `est5edt`.
pub(super) fn is_named_zone(name: &str) -> bool {
    jiff::tz::TimeZone::get(name).is_ok() || is_posix_zone(name)
}

/// A zone that says itself what it is: any name, its offset, and perhaps a name and an offset of its summer time, as
/// in `utc+3` and `est5edt`.
fn is_posix_zone(zone: &str) -> bool {
    fn name(text: &str) -> Option<&str> {
        let rest = text.trim_start_matches(|c: char| !c.is_ascii_digit() && !matches!(c, '+' | '-' | ','));
        (rest.len() < text.len()).then_some(rest)
    }
    fn number(text: &str, last: u32) -> Option<&str> {
        let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = text.strip_suffix(rest)?;
        (digits.parse::<u32>().ok()? <= last).then_some(rest)
    }
    /// Up to a week, less one second.
    fn offset(text: &str) -> Option<&str> {
        let mut rest = number(text.strip_prefix(['+', '-']).unwrap_or(text), 167)?;
        for last in [59, 60] {
            match rest.strip_prefix(':') {
                Some(part) => rest = number(part, last)?,
                None => break,
            }
        }
        Some(rest)
    }
    let Some(summer) = name(zone).and_then(offset) else { return false };
    summer.is_empty() || name(summer).is_some_and(|rest| rest.is_empty() || offset(rest) == Some(""))
}
