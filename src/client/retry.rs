//! Which failures are tried again, and after how long.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use super::transport::Effect;
use super::{ClientError, Settings};

/// A slower failure is not tried again: a query that ran into the server's time limit of 14 seconds would do so again,
/// and load the server that much longer.
const QUICK: Duration = Duration::from_secs(5);

/// How often failures that will probably repeat themselves are tried again.
const FEW: u32 = 2;

/// Why an attempt failed, as far as it matters for another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// It would fail in the same way again.
    Lasting,
    /// No connection was made, so nothing was sent.
    Unsent {
        /// Whether something listens there, and only broke off.
        listens: bool,
    },
    /// The connection broke, or the answer was cut.
    Lost,
    /// The server was silent for as long as it may be.
    Silent,
    /// The server answered this, completely or not.
    Status {
        /// The HTTP status.
        status: u16,
        /// How long the server asks to wait.
        retry_after: Option<Duration>,
        /// How long the answer took.
        elapsed: Duration,
    },
}

impl Cause {
    /// How long the server asks to wait, where waiting is of use.
    pub(super) fn retry_after(self) -> Option<Duration> {
        match self {
            Self::Status { status, retry_after, .. } if status == 429 || may_pass(status) => retry_after,
            _ => None,
        }
    }
}

/// Whether this says that a server is overloaded or restarting, or that a proxy before it does not reach it just now: 408
/// and 425 of proxies, 502 to 504, 520 to 524 of Cloudflare where the origin breaks off or is silent, 529 of others.
pub(super) const fn may_pass(status: u16) -> bool {
    matches!(status, 408 | 425 | 502..=504 | 520..=524 | 529)
}

/// An attempt that failed.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) error: ClientError,
    pub(super) cause: Cause,
}

impl Failed {
    /// A failure that would repeat itself.
    pub(super) fn lasting(error: ClientError) -> Self {
        Self { error, cause: Cause::Lasting }
    }
}

/// What waits for a server that does not say how long grow to: its limits are counted in windows of a minute.
const WINDOW: Duration = Duration::from_secs(60);

/// How long to wait before the next attempt after `tries` have failed, the last one for this cause; `None` if it is
/// given up. `known` says whether the server has answered anything before, `random` is in `0..1`.
pub(super) fn wait(
    settings: &Settings,
    effect: Effect,
    cause: Cause,
    tries: u32,
    known: bool,
    random: f64,
) -> Option<Duration> {
    if tries > settings.retries {
        return None;
    }
    let reads = effect != Effect::Write;
    let backoff = |base: Duration, most: Duration| {
        // Full jitter: clients that failed together do not come back together.
        let doubled = base.saturating_mul(2_u32.saturating_pow(tries.saturating_sub(1)));
        doubled.min(most).mul_f64(random)
    };
    let usual = || backoff(settings.backoff, settings.backoff_max);
    match cause {
        // An address where nothing ever answered is wrong more often than restarting; nobody waits for that.
        Cause::Unsent { listens } if listens || known => Some(usual()),
        Cause::Lost if reads => Some(usual()),
        // Each of these costs the whole of the timeout.
        Cause::Silent if reads && tries <= FEW => Some(usual()),
        Cause::Status { status, retry_after, elapsed } => match (status, retry_after) {
            // Throttled requests are refused before the application sees them: even a create was not handled.
            // Who asks for more than is waited for is not asked before that.
            (status, Some(asked)) if status == 429 || reads && may_pass(status) => {
                (asked <= settings.retry_after_max).then(|| asked + settings.backoff.mul_f64(random))
            }
            // The server's windows are minutes, so waits grow towards one.
            (429, None) => Some(backoff(settings.backoff.saturating_mul(16), WINDOW.min(settings.retry_after_max))),
            (status, None) if reads && may_pass(status) => Some(usual()),
            // The server failed on the request itself, mostly for a reason that stays (a stored value that is not of
            // its type), now and then for one that passes (a database connection, a deployment). So it is asked
            // twice more, quickly, and then believed.
            (500, _) if reads && tries <= FEW && elapsed < QUICK => Some(usual()),
            _ => None,
        },
        _ => None,
    }
}

/// A number in `0..1`, from the randomness that the standard library takes for its hash tables.
pub(super) fn random() -> f64 {
    (RandomState::new().hash_one(()) >> 11) as f64 / (1_u64 << 53) as f64
}

/// How long the server asks to wait: seconds, or a time by its own clock.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let time = |text: &str| jiff::fmt::rfc2822::parse(text).ok().map(|time| time.timestamp());
    let until = time(text)?;
    // Its clock and this one may differ.
    let now = headers.get(DATE).and_then(|date| time(date.to_str().ok()?)).unwrap_or_else(Timestamp::now);
    Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    const READS: [Effect; 2] = [Effect::Read, Effect::Count];

    fn status(status: u16) -> Cause {
        Cause::Status { status, retry_after: None, elapsed: Duration::ZERO }
    }

    /// How many times a request is sent that fails for this cause each time.
    fn sent(effect: Effect, cause: Cause, known: bool) -> u32 {
        let settings = Settings::default();
        (1..).find(|tries| wait(&settings, effect, cause, *tries, known, 0.5).is_none()).unwrap()
    }

    #[test]
    fn what_only_reads_is_sent_again() {
        for effect in READS {
            let passing = [408, 425, 429, 502, 503, 504, 520, 521, 522, 523, 524, 529].map(status);
            for cause in passing.into_iter().chain([Cause::Lost]) {
                assert_eq!(sent(effect, cause, false), 5, "{cause:?}");
            }
            for cause in [Cause::Silent, status(500)] {
                assert_eq!(sent(effect, cause, false), 3, "{cause:?}");
            }
            for cause in [Cause::Lasting, status(400), status(401), status(404), status(422), status(302), status(525)]
            {
                assert_eq!(sent(effect, cause, false), 1, "{cause:?}");
            }
            let slow = Cause::Status { status: 500, retry_after: None, elapsed: Duration::from_secs(14) };
            assert_eq!(sent(effect, slow, false), 1);
        }
    }

    #[test]
    fn what_may_have_been_created_is_not_created_again() {
        for known in [false, true] {
            let answered = [408, 425, 500, 502, 503, 504, 520, 524, 529].map(status);
            for cause in answered.into_iter().chain([Cause::Lost, Cause::Silent, Cause::Lasting]) {
                assert_eq!(sent(Effect::Write, cause, known), 1, "{cause:?}");
            }
            assert_eq!(sent(Effect::Write, status(429), known), 5);
            assert_eq!(sent(Effect::Write, Cause::Unsent { listens: true }, known), 5);
        }
    }

    #[test]
    fn where_nothing_ever_answered_nobody_waits() {
        for effect in [Effect::Read, Effect::Count, Effect::Write] {
            assert_eq!(sent(effect, Cause::Unsent { listens: false }, false), 1);
            assert_eq!(sent(effect, Cause::Unsent { listens: false }, true), 5);
        }
    }

    #[test]
    fn waits_grow_to_their_limit_and_are_drawn_from_zero() {
        let settings = Settings { retries: u32::MAX, ..Settings::default() };
        let wait = |cause, tries, random| wait(&settings, Effect::Read, cause, tries, true, random).unwrap();
        let seconds = |cause| [1, 2, 3, 6, 7, 90, u32::MAX].map(|tries| wait(cause, tries, 1.0).as_secs_f64());
        assert_eq!(seconds(Cause::Lost), [0.25, 0.5, 1.0, 8.0, 10.0, 10.0, 10.0]);
        assert_eq!(seconds(status(429)), [4.0, 8.0, 16.0, 60.0, 60.0, 60.0, 60.0]);
        assert_eq!(wait(Cause::Lost, 5, 0.0), Duration::ZERO);
        assert_eq!(wait(Cause::Lost, 5, 0.5), Duration::from_secs(2));
    }

    #[test]
    fn the_server_is_not_asked_before_it_said_and_does_not_make_wait_for_ever() {
        let settings = Settings::default();
        for code in [429, 503] {
            for asked in [0, 7, 60, 300, 301, 86_400, u64::MAX] {
                let cause = Cause::Status {
                    status: code,
                    retry_after: Some(Duration::from_secs(asked)),
                    elapsed: Duration::ZERO,
                };
                for random in [0.0, 0.99] {
                    let wait = wait(&settings, Effect::Read, cause, 1, false, random);
                    assert_eq!(wait.is_some(), asked <= 300, "{asked}");
                    let asked = Duration::from_secs(asked);
                    assert!(wait.is_none_or(|wait| wait >= asked && wait <= asked + settings.backoff), "{wait:?}");
                }
            }
        }
    }

    #[test]
    fn both_forms_of_retry_after_are_read() {
        let parse = |retry: &str, date: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_str(retry).unwrap());
            if let Some(date) = date {
                headers.insert(DATE, HeaderValue::from_str(date).unwrap());
            }
            retry_after(&headers).map(|wait| wait.as_secs())
        };
        let date = Some("Mon, 15 Jun 2026 12:00:00 GMT");
        assert_eq!(parse("30", date), Some(30));
        assert_eq!(parse(" 0 ", date), Some(0));
        assert_eq!(parse("Mon, 15 Jun 2026 12:00:42 GMT", date), Some(42));
        assert_eq!(parse("Mon, 15 Jun 2026 11:59:00 GMT", date), Some(0));
        assert_eq!(parse("Mon, 15 Jun 2015 12:00:42 GMT", None), Some(0));
        assert!(parse("Mon, 15 Jun 2893 12:00:42 GMT", None).is_some_and(|wait| wait > 1_000_000));
        for nonsense in ["", "soon", "-1", "1.5", "2026-06-15T12:00:00Z", "99999999999999999999999"] {
            assert_eq!(parse(nonsense, date), None, "{nonsense}");
        }
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }

    #[test]
    fn randomness_fills_its_range() {
        let drawn: Vec<f64> = (0..1000).map(|_| random()).collect();
        assert!(drawn.iter().all(|number| (0.0..1.0).contains(number)));
        for tenth in 0..10 {
            let (low, high) = (f64::from(tenth) / 10.0, f64::from(tenth + 1) / 10.0);
            let count = drawn.iter().filter(|number| (low..high).contains(*number)).count();
            assert!((40..=180).contains(&count), "{count} between {low} and {high}");
        }
    }
}
