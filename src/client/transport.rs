//! One request and its answer: where it goes, with whose token, how often, and what may go wrong on the way.

use std::fmt;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use hyper::body::Bytes;
use reqwest::header::{
    ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION, TRANSFER_ENCODING,
};
use reqwest::{Method, Response, Url, redirect};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;
use serde::de::{DeserializeOwned, IgnoredAny};
use tokio::time::{Instant, sleep, timeout_at};

use super::cause::{network, proxy_of, unreadable_proxy, untrusted};
use super::error::{Circumstances, Patience, Redirect, Unwaited};
use super::pace::Pacer;
use super::retry::{Cause, Failed, random, retry_after, wait};
use super::{ClientError, Event, Settings, Token};

/// How much of an error's answer is read, in bytes: the message stands at its start.
const ERROR_BODY: usize = 64 << 10;

/// Where it is seen that an answer is a web page, reading ends after so many bytes: its start is all that is shown.
const PAGE_START: usize = 4 << 10;

/// Requests a minute, where the settings do not say: see [`Settings::max_rate`].
const RATE: u32 = 2400;

/// Requests for counts a minute: see [`Settings::max_count_rate`].
const COUNT_RATE: u32 = 30;

/// How long an unused connection is kept. Puma, the server's web server, closes its side after 20 seconds; a request
/// that crosses with the closing is lost.
const IDLE: Duration = Duration::from_secs(15);

/// What a request does, which decides whether it may be sent again and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It only reads.
    Read,
    /// It only reads, and what needs no token: that it succeeds says nothing of the token's header.
    Public,
    /// It only reads, and the server allows few of its kind.
    Count,
    /// It changes something: sent twice, it would do so twice.
    Write,
}

/// The name of the token's header.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Header {
    /// As the documentation has it.
    Documented,
    /// As proxies let it pass: many of them drop names with underscores, and the server reads both.
    Dashed,
}

impl Header {
    fn name(self) -> HeaderName {
        match self {
            Self::Documented => HeaderName::from_static("api_access_token"),
            Self::Dashed => HeaderName::from_static("api-access-token"),
        }
    }
}

/// What was learnt of the header's name, the least first.
mod learnt {
    pub(super) const NOTHING: u8 = 0;
    /// Both names are refused: the other one makes no difference.
    pub(super) const NEITHER: u8 = 1;
    /// Only the other name reaches the server.
    pub(super) const DASHED: u8 = 2;
    /// The documented name reaches the server: a request with it has succeeded.
    pub(super) const DOCUMENTED: u8 = 3;
}

/// Sends requests to one server.
pub(super) struct Transport {
    http: reqwest::Client,
    pub(super) base: Url,
    /// The address without what it may have of a password.
    shown: String,
    token: Token,
    pub(super) settings: Settings,
    pace: Option<Pacer>,
    count_pace: Option<Pacer>,
    /// When all must be done: set by the first request.
    deadline: OnceLock<Option<Instant>>,
    /// One of [`learnt`].
    header: AtomicU8,
    /// Whether the server has answered anything.
    known: AtomicBool,
    /// Whether an answer of the account was what it should be: the address, the account id and the token are right then.
    answered: AtomicBool,
    /// How many requests were sent.
    requests: AtomicU64,
}

/// The address alone: the settings have certificates, and the address may have a password.
impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").field("base", &self.shown).field("token", &self.token).finish_non_exhaustive()
    }
}

/// What is sent, perhaps several times.
struct Request {
    effect: Effect,
    method: Method,
    url: Url,
    body: Option<String>,
}

impl Request {
    /// The path and the query, as events show it.
    fn path(&self) -> String {
        match self.url.query() {
            Some(query) => format!("{}?{query}", self.url.path()),
            None => self.url.path().to_owned(),
        }
    }
}

impl Transport {
    pub(super) fn new(base: &str, token: Token, settings: Settings) -> Result<Self, ClientError> {
        let base = address(base)?;
        let shown = without_password(&base);
        let loopback = is_loopback(&base);
        if base.scheme() == "http" && !loopback && !settings.insecure_http {
            return Err(ClientError::Insecure { address: shown });
        }
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("cwql/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(settings.connect_timeout)
            .read_timeout(settings.read_timeout)
            .pool_idle_timeout(IDLE)
            .gzip(true)
            // Whether a request may be sent again is decided here alone.
            .retry(reqwest::retry::never())
            // A token goes to the host that it was given for and to no other.
            .redirect(redirect::Policy::none());
        builder = builder.tls_backend_preconfigured(tls(&base, &settings.root_certificates)?);
        if loopback {
            builder = builder.no_proxy();
        } else if let Some(variable) = unreadable_proxy(&base) {
            return Err(ClientError::Setup(format!(
                "{variable} names no proxy: one is expected like http://HOST:PORT"
            )));
        }
        let http = builder.build().map_err(|error| ClientError::Setup(error.to_string()))?;
        // The server exempts its own machine from its limits.
        let pacer = |rate: Option<u32>, usual| rate.or((!loopback).then_some(usual)).map(Pacer::new);
        Ok(Self {
            http,
            shown,
            token,
            pace: pacer(settings.max_rate, RATE),
            count_pace: pacer(settings.max_count_rate, COUNT_RATE),
            deadline: OnceLock::new(),
            header: AtomicU8::new(learnt::NOTHING),
            known: AtomicBool::new(false),
            answered: AtomicBool::new(false),
            requests: AtomicU64::new(0),
            base,
            settings,
        })
    }

    /// How many requests were sent so far, each try counted.
    pub(super) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Whether the token would cross a network in clear text.
    pub(super) fn is_insecure(&self) -> bool {
        self.base.scheme() == "http" && !is_loopback(&self.base)
    }

    /// An address below the base, which may have a path of its own.
    pub(super) fn join(&self, path: &str) -> Result<Url, ClientError> {
        let base = self.base.as_str().trim_end_matches('/');
        Url::parse(&format!("{base}/{path}"))
            .map_err(|error| ClientError::Address { address: self.shown.clone(), reason: error.to_string() })
    }

    /// Sends a request and reads its answer whole, several times if it failed in a way that may pass.
    pub(super) async fn send(
        &self,
        effect: Effect,
        method: Method,
        url: Url,
        body: Option<String>,
    ) -> Result<Bytes, ClientError> {
        let request = Request { effect, method, url, body };
        // What the clock cannot reach is no end.
        let limit = self.settings.run_timeout;
        let deadline = *self.deadline.get_or_init(|| Instant::now().checked_add(limit?));
        let mut header = match self.header.load(Ordering::Relaxed) {
            learnt::DASHED => Header::Dashed,
            _ => Header::Documented,
        };
        // The error of the attempt with the documented header, while the other one is tried.
        let mut refused = None;
        let (mut attempt, mut failures) = (0, 0);
        loop {
            self.turn(effect, deadline).await?;
            attempt += 1;
            let failed = match self.attempt(&request, header, attempt, deadline).await {
                Ok(body) => {
                    match header {
                        Header::Dashed if refused.is_some() => {
                            self.learn(learnt::DASHED);
                        }
                        Header::Documented if effect != Effect::Public => {
                            self.learn(learnt::DOCUMENTED);
                        }
                        _ => {}
                    }
                    return Ok(body);
                }
                Err(failed) => failed,
            };
            if matches!(failed.cause, Cause::Status { status: 401, .. }) {
                // A refused token was not acted upon, so even a create may be sent with the other header.
                let Some(first) = refused else {
                    // A server that says what is wrong with the token has it: the other name would bring the same answer.
                    // What counts is the header of this attempt: another request may have learnt the name meanwhile.
                    let known = self.header.load(Ordering::Relaxed);
                    let other = header == Header::Documented && matches!(known, learnt::NOTHING | learnt::DASHED);
                    if other && !failed.error.is_of_token() {
                        header = Header::Dashed;
                        refused = Some(failed.error);
                        continue;
                    }
                    return Err(failed.error);
                };
                let arrived = failed.error.is_of_token();
                let known = self.learn(if arrived { learnt::DASHED } else { learnt::NEITHER });
                return Err(if known == learnt::DASHED { failed.error } else { first });
            }
            failures += 1;
            let known = self.known.load(Ordering::Relaxed);
            let Some(pause) = wait(&self.settings, effect, failed.cause, failures, known, random()) else {
                let limit = self.settings.retry_after_max;
                let patience = match failed.cause.retry_after() {
                    Some(asked) if asked > limit => Patience::Wait { limit, tries: failures },
                    _ => Patience::Tries(failures),
                };
                return Err(given_up(failed, effect, patience));
            };
            if let (Some(deadline), Some(limit)) = (deadline, limit)
                && Instant::now().checked_add(pause).is_none_or(|end| end >= deadline)
            {
                return Err(given_up(failed, effect, Patience::Run { limit, tries: failures }));
            }
            self.tell(&Event::Retrying { reason: &failed.error, wait: pause });
            sleep(pause).await;
        }
    }

    /// Waits until the request may be sent.
    async fn turn(&self, effect: Effect, deadline: Option<Instant>) -> Result<(), ClientError> {
        let turns = async {
            if let Some(pacer) = self.count_pace.as_ref().filter(|_| effect == Effect::Count) {
                pacer.turn().await;
            }
            if let Some(pacer) = &self.pace {
                pacer.turn().await;
            }
        };
        self.until(deadline, turns).await
    }

    /// Lets something take as long as the whole run has.
    async fn until<T>(&self, deadline: Option<Instant>, work: impl Future<Output = T>) -> Result<T, ClientError> {
        let Some(deadline) = deadline else { return Ok(work.await) };
        let limit = self.settings.run_timeout.unwrap_or_default();
        if Instant::now() >= deadline {
            return Err(ClientError::Deadline { limit });
        }
        timeout_at(deadline, work).await.map_err(|_| ClientError::Deadline { limit })
    }

    /// Sends a request once.
    async fn attempt(
        &self,
        request: &Request,
        header: Header,
        attempt: u32,
        deadline: Option<Instant>,
    ) -> Result<Bytes, Failed> {
        let mut token = HeaderValue::from_str(&self.token.0).map_err(|_| Failed::lasting(ClientError::Token))?;
        token.set_sensitive(true);
        let mut builder = self
            .http
            .request(request.method.clone(), request.url.clone())
            .header(header.name(), token)
            .header(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(body) = &request.body {
            builder = builder.header(CONTENT_TYPE, HeaderValue::from_static("application/json")).body(body.clone());
        }
        let (method, path) = (request.method.as_str(), request.path());
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.tell(&Event::Sent { method, path: &path, attempt });
        let start = Instant::now();
        let exchange = async {
            let response = builder.send().await.map_err(|error| self.network(&error))?;
            self.known.store(true, Ordering::Relaxed);
            let (status, headers) = (response.status(), response.headers().clone());
            let body = self.body(response).await;
            let elapsed = start.elapsed();
            let bytes = body.as_ref().map_or(0, Bytes::len);
            self.tell(&Event::Answered { method, path: &path, attempt, status: status.as_u16(), bytes, elapsed });
            let body = body?;
            if status.is_success() {
                return self.checked(body, &headers);
            }
            let target = headers.get(LOCATION).filter(|_| status.is_redirection());
            let target = target.map(|location| self.target(&request.url, location));
            let (said, redirect) = match &target {
                Some((target, redirect)) => (target.as_bytes(), *redirect),
                None => (&*body, Redirect::Nowhere),
            };
            let circumstances = Circumstances { redirect, answered: self.has_answered() };
            let cause = Cause::Status { status: status.as_u16(), retry_after: retry_after(&headers), elapsed };
            let asked = format!("{method} {path}");
            Err(Failed {
                error: ClientError::status(asked, status.as_u16(), &self.redacted(said), circumstances),
                cause,
            })
        };
        match self.until(deadline, exchange).await {
            Ok(result) => result,
            Err(error) if request.effect == Effect::Write => Err(Failed { error, cause: Cause::Lost }),
            Err(error) => Err(Failed::lasting(error)),
        }
    }

    /// Reads the body of an answer, or as much of it as is of use.
    async fn body(&self, mut response: Response) -> Result<Bytes, Failed> {
        let success = response.status().is_success();
        let page = is_page(response.headers().get(CONTENT_TYPE));
        let limit = if success { self.settings.max_body } else { ERROR_BODY };
        // What comes in one piece is not copied.
        let mut whole = Bytes::new();
        let mut pieces = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if whole.is_empty() => whole = chunk,
                Ok(Some(chunk)) => {
                    if pieces.is_empty() {
                        pieces.extend_from_slice(&whole);
                    }
                    pieces.extend_from_slice(&chunk);
                }
                Ok(None) => break,
                // The status says more than what is missing of its text.
                Err(_) if !success => break,
                Err(error) => return Err(self.network(&error)),
            }
            let bytes = if pieces.is_empty() { &*whole } else { &pieces };
            if bytes.len() > limit && success {
                let error = ClientError::too_large(&self.redacted(bytes), limit, self.has_answered());
                return Err(Failed::lasting(error));
            }
            if bytes.len() > limit || (page && bytes.len() > PAGE_START && begins_with(bytes, b'<')) {
                break;
            }
        }
        Ok(if pieces.is_empty() { whole } else { pieces.into() })
    }

    /// An answer with success must be what the API answers: a web page is none, and a part of one is none either.
    fn checked(&self, body: Bytes, headers: &HeaderMap) -> Result<Bytes, Failed> {
        if is_page(headers.get(CONTENT_TYPE)) && begins_with(&body, b'<') {
            return Err(Failed::lasting(self.unexpected(&body, WEB_PAGE)));
        }
        // Where the end of the connection ends the body, a broken connection looks like a whole answer.
        let last = body.iter().rev().find(|byte| !byte.is_ascii_whitespace());
        let ends = matches!(last, Some(b'}' | b']'));
        let begins = begins_with(&body, b'{') || begins_with(&body, b'[');
        let delimited = headers.contains_key(CONTENT_LENGTH) || headers.contains_key(TRANSFER_ENCODING);
        let is_cut = || serde_json::from_slice::<IgnoredAny>(&body).is_err_and(|error| error.is_eof());
        if (begins && !ends || !delimited) && is_cut() {
            return Err(Failed { error: self.unexpected(&body, "it is cut in the middle"), cause: Cause::Lost });
        }
        Ok(body)
    }

    /// Where a redirect leads, without what it may have of secrets.
    fn target(&self, from: &Url, location: &HeaderValue) -> (String, Redirect) {
        let text = String::from_utf8_lossy(location.as_bytes());
        let Ok(mut target) = from.join(&text) else {
            return ("an address that is none".to_owned(), Redirect::Nowhere);
        };
        target.set_query(None);
        target.set_fragment(None);
        // What stands before the API's own path is the address to use.
        let base = target.path().split_once("/api/v1/").map(|(base, _)| base.to_owned());
        let redirect = match target.path() {
            _ if base.is_some() => Redirect::Server,
            // Who has moved may send everybody to the front door.
            "/" => Redirect::Server,
            path if path.ends_with("/api") => Redirect::Server,
            _ => Redirect::Page,
        };
        if let Some(base) = base {
            target.set_path(&base);
        }
        (without_password(&target), redirect)
    }

    /// Remembers which header reaches the server, and says so once if it is the other one. Returns what is known now:
    /// that the other one has arrived is not forgotten for a request that is refused with both.
    fn learn(&self, learnt: u8) -> u8 {
        let before = self.header.fetch_max(learnt, Ordering::Relaxed);
        if learnt == learnt::DASHED && before < learnt {
            self.tell(&Event::Hint(
                "a proxy drops the header `api_access_token`; `Api-Access-Token` is sent instead \
                 (in nginx, `underscores_in_headers on` mends it)",
            ));
        }
        before.max(learnt)
    }

    fn tell(&self, event: &Event<'_>) {
        if let Some(observer) = &self.settings.observer {
            observer.tell(event);
        }
    }

    fn network(&self, error: &reqwest::Error) -> Failed {
        let proxy = if is_loopback(&self.base) { None } else { proxy_of(&self.base) };
        network(&self.shown, proxy, &self.settings, error)
    }

    /// Reads an answer of the account: what is wrong with it is the error of `read`.
    pub(super) fn read<T>(&self, body: &[u8], read: impl FnOnce(&[u8]) -> Result<T, String>) -> Result<T, ClientError> {
        let answer = read(body).map_err(|reason| self.unexpected(body, &reason))?;
        // What is empty may be anybody's answer to anything, and tells nothing of the account.
        if !matches!(body.trim_ascii(), b"[]" | b"{}" | b"null") {
            self.answered.store(true, Ordering::Relaxed);
        }
        Ok(answer)
    }

    fn has_answered(&self) -> bool {
        self.answered.load(Ordering::Relaxed)
    }

    /// Reads an answer as it is, which may be one of anything.
    pub(super) fn decode<T: DeserializeOwned>(&self, body: &[u8]) -> Result<T, ClientError> {
        serde_json::from_slice(body).map_err(|error| self.unexpected(body, &error.to_string()))
    }

    /// An answer that is not what it should be; what is quoted of it does not show the token.
    pub(super) fn unexpected(&self, body: &[u8], reason: &str) -> ClientError {
        // Only the start is quoted.
        let start = body.get(..ERROR_BODY).unwrap_or(body);
        let reason = match body.trim_ascii().first() {
            Some(b'<') => WEB_PAGE,
            Some(_) => reason,
            None => "it is empty",
        };
        // What the decoder says quotes what it found.
        let reason = self.redacted(reason.as_bytes());
        ClientError::unexpected(&self.redacted(start), &String::from_utf8_lossy(&reason), self.has_answered())
    }

    /// An answer may repeat the request; what is quoted of it must not show the token.
    fn redacted(&self, body: &[u8]) -> Vec<u8> {
        let text = String::from_utf8_lossy(body);
        if self.token.0.is_empty() { body.to_vec() } else { text.replace(&self.token.0, "…").into_bytes() }
    }
}

/// TLS for HTTP/1.1 that trusts the system's authorities and these. The process's provider of cryptography is used where there
/// is one, and none is installed: that is the application's to do.
fn tls(base: &Url, roots: &[Vec<u8>]) -> Result<ClientConfig, ClientError> {
    let provider = CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(ring::default_provider()));
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| ClientError::Setup(error.to_string()))?;
    if base.scheme() != "https" {
        // Reading the certificate store would cost more than all the rest.
        return Ok(http1(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth()));
    }
    let mut certificates = Vec::new();
    for pem in roots {
        let before = certificates.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            certificates.push(certificate.map_err(|error| ClientError::Certificates(error.to_string()))?);
        }
        if certificates.len() == before {
            return Err(ClientError::Certificates("there is none in it".to_owned()));
        }
    }
    let verifier = Verifier::new_with_extra_roots(certificates, provider).map_err(|error| untrusted(&error, roots))?;
    Ok(http1(builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth()))
}

fn http1(mut config: ClientConfig) -> ClientConfig {
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config
}

/// What is wrong with an answer that a browser would show.
const WEB_PAGE: &str = "it is a web page, not the API's JSON";

/// The error that is left when nothing is tried any more.
fn given_up(failed: Failed, effect: Effect, patience: Patience) -> ClientError {
    let Failed { error, cause } = failed;
    // An error of the application, or of a proxy before it, may come after the conversation was stored.
    let handled = matches!(cause, Cause::Status { status: 500.., .. });
    // What is too large or no answer of the API came with success.
    let answered = matches!(error, ClientError::TooLarge { .. } | ClientError::Unexpected { .. });
    let lost = answered || matches!(cause, Cause::Lost | Cause::Silent);
    match (effect, error) {
        (Effect::Write, error) if handled || lost => ClientError::Unconfirmed { reason: first_line(&error) },
        (_, ClientError::Network { address, reason, proxy, hint }) if patience.tries() > 1 => {
            let reason = format!("{reason} (tried {} times)", patience.tries());
            ClientError::Network { address, reason, proxy, hint }
        }
        (_, ClientError::Status { status, message, request, hint, .. }) => {
            let unwaited = cause.retry_after().map(|asked| Box::new(Unwaited { asked, patience }));
            ClientError::Status { status, message, request, hint, unwaited }
        }
        (_, error) => error,
    }
}

/// An error without its advice.
pub(crate) fn first_line(error: &ClientError) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}

fn is_page(content_type: Option<&HeaderValue>) -> bool {
    content_type.and_then(|text| text.to_str().ok()).is_some_and(|text| text.trim_start().starts_with("text/html"))
}

fn begins_with(body: &[u8], byte: u8) -> bool {
    body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&byte)
}

/// The server's address.
pub(crate) fn address(text: &str) -> Result<Url, ClientError> {
    let wrong = |reason: String| Err(ClientError::Address { address: covered(text), reason });
    match Url::parse(text) {
        Err(error) if text.contains("://") => wrong(error.to_string()),
        Err(_) => wrong("an address is expected like https://chat.example.com".to_owned()),
        Ok(url) if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() => {
            wrong("an http or https address is expected".to_owned())
        }
        // The paths of the API are put behind the address.
        Ok(url) if url.query().is_some() || url.fragment().is_some() => {
            wrong("nothing is expected behind the path: leave out what begins with `?` or `#`".to_owned())
        }
        Ok(url) => Ok(url),
    }
}

/// What cannot be understood may have a password all the same, before the last `@`, or a key behind the path.
pub(crate) fn covered(text: &str) -> String {
    let host = text.rsplit_once('@').map_or_else(|| text.to_owned(), |(_, host)| format!("…@{host}"));
    match host.find(['?', '#']).and_then(|at| host.get(..=at)) {
        Some(begin) => format!("{begin}…"),
        None => host,
    }
}

/// An address as it may be shown.
#[cfg(feature = "cli")]
pub(crate) fn shown_address(text: &str) -> String {
    match Url::parse(text) {
        Ok(url) if !url.username().is_empty() || url.password().is_some() => without_password(&url),
        Ok(url) if url.has_host() => text.to_owned(),
        _ => covered(text),
    }
}

/// An address without its user and password.
fn without_password(url: &Url) -> String {
    let mut url = url.clone();
    // They fail only for addresses without a host, which have no password.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.to_string()
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}

#[cfg(test)]
#[path = "transport_tests.rs"]
mod tests;
