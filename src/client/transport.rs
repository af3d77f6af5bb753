//! One request and its answer: where it goes, with whose token, and what may go wrong on the way.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use reqwest::{Method, Url, redirect};
use serde::de::DeserializeOwned;

use super::{ClientError, Settings, Token};

/// The largest answer that is read, in bytes. A page of conversations has a few hundred kilobytes.
const MAX_BODY: usize = 64 << 20;

/// What a request does, which decides whether it may be sent again and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It only reads.
    Read,
    /// It only reads, and the server allows few of its kind.
    Count,
    /// It changes something: sent twice, it would do so twice.
    Write,
}

/// Sends requests to one server.
#[derive(Clone, Debug)]
pub(super) struct Transport {
    http: reqwest::Client,
    pub(super) base: Url,
    token: Token,
    pub(super) settings: Settings,
    /// How many requests were sent.
    requests: Arc<AtomicU64>,
}

impl Transport {
    pub(super) fn new(base: &str, token: Token, settings: Settings) -> Result<Self, ClientError> {
        let base = Url::parse(base).map_err(|error| {
            let reason = match base.contains("://") {
                true => error.to_string(),
                false => "an address is expected like https://chat.example.com".to_owned(),
            };
            ClientError::Address { address: base.to_owned(), reason }
        })?;
        if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
            return Err(ClientError::Address {
                address: base.to_string(),
                reason: "an http or https address is expected".to_owned(),
            });
        }
        let loopback = is_loopback(&base);
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("cwql/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(settings.connect_timeout)
            .read_timeout(settings.read_timeout)
            // A token goes to the host that it was given for and to no other.
            .redirect(redirect::Policy::none());
        if base.scheme() == "https" {
            // Installing it a second time is an error without consequence.
            let _ = rustls::crypto::ring::default_provider().install_default();
        } else {
            // Reading the certificate store would cost more than all the rest.
            let _ = rustls::crypto::ring::default_provider().install_default();
            builder = builder.tls_certs_only([]);
        }
        if loopback {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|error| ClientError::Setup(error.to_string()))?;
        Ok(Self { http, base, token, settings, requests: Arc::default() })
    }

    /// How many requests were sent so far.
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
            .map_err(|error| ClientError::Address { address: base.to_owned(), reason: error.to_string() })
    }

    /// Sends a request and reads its answer whole.
    pub(super) async fn send(
        &self,
        _effect: Effect,
        method: Method,
        url: Url,
        body: Option<String>,
    ) -> Result<Vec<u8>, ClientError> {
        let mut token = HeaderValue::from_str(&self.token.0).map_err(|_| ClientError::Token)?;
        token.set_sensitive(true);
        let mut request = self
            .http
            .request(method, url)
            .header(HeaderName::from_static("api_access_token"), token)
            .header(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/json")).body(body);
        }
        self.requests.fetch_add(1, Ordering::Relaxed);
        let mut response = request.send().await.map_err(|error| ClientError::network(&self.base, &error))?;
        let status = response.status();
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| ClientError::network(&self.base, &error))? {
            if bytes.len() + chunk.len() > MAX_BODY {
                return Err(ClientError::TooLarge { limit: MAX_BODY });
            }
            bytes.extend_from_slice(&chunk);
        }
        if status.is_success() {
            return Ok(bytes);
        }
        let location = response.headers().get(LOCATION).filter(|_| status.is_redirection());
        let said = location.map_or(bytes.as_slice(), HeaderValue::as_bytes);
        Err(ClientError::status(status.as_u16(), &self.redacted(said)))
    }

    /// Reads an answer.
    pub(super) fn decode<T: DeserializeOwned>(&self, body: &[u8]) -> Result<T, ClientError> {
        serde_json::from_slice(body).map_err(|error| self.unexpected(body, &error.to_string()))
    }

    /// An answer that is not what it should be; what is quoted of it does not show the token.
    pub(super) fn unexpected(&self, body: &[u8], reason: &str) -> ClientError {
        ClientError::unexpected(&self.redacted(body), reason)
    }

    /// An answer may repeat the request; what is quoted of it must not show the token.
    fn redacted(&self, body: &[u8]) -> Vec<u8> {
        let text = String::from_utf8_lossy(body);
        if self.token.0.is_empty() { body.to_vec() } else { text.replace(&self.token.0, "…").into_bytes() }
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}
