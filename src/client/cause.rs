//! Why a server could not be reached or a connection broke: told from the types of the errors, not from their texts.

use std::error::Error;
use std::io;
use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use jiff::Timestamp;
use reqwest::Url;
use rustls::{AlertDescription, CertificateError};

use super::retry::{Cause, Failed};
use super::{ClientError, Settings};

/// What a failed request is: `address` is what the user calls the server, which was asked through the proxy.
pub(super) fn network(address: &str, proxy: Option<Box<str>>, settings: &Settings, error: &reqwest::Error) -> Failed {
    let found = Found::new(error);
    let (cause, reason, hint) = describe(settings, error, &found);
    // Nobody connects to the server itself.
    let hint = if proxy.is_some() && (error.is_connect() || error.is_dns()) { PROXY } else { hint };
    Failed { error: ClientError::Network { address: address.to_owned(), reason, proxy, hint }, cause }
}

/// What to look at where no connection comes about through a proxy.
const PROXY: &str = "is the proxy of the environment (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY) the right one, and does it run? \
    NO_PROXY names the servers that are asked without it";

/// The proxy that an address is asked through, as the HTTP client reads the environment.
pub(super) fn proxy_of(url: &Url) -> Option<Box<str>> {
    let proxy = Matcher::from_system().intercept(&url.as_str().parse().ok()?)?;
    // Its user and password are in none of these.
    let (uri, host) = (proxy.uri(), proxy.uri().host()?);
    let port = uri.port_u16().map_or_else(String::new, |port| format!(":{port}"));
    Some(format!("{}://{host}{port}", uri.scheme_str().unwrap_or("http")).into())
}

/// A variable that should name the proxy for an address, and names none: the HTTP client would pass it over, and go round
/// the proxy.
pub(super) fn unreadable_proxy(url: &Url) -> Option<&'static str> {
    let uri = url.as_str().parse().ok()?;
    let takes = |proxy: &str| Matcher::builder().all(proxy).build().intercept(&uri).is_some();
    let excluded = ["no_proxy", "NO_PROXY"].iter().find_map(|name| std::env::var(name).ok()).unwrap_or_default();
    // What is excluded goes through none.
    Matcher::builder().all("http://proxy.example").no(excluded).build().intercept(&uri)?;
    let own: &[&str] =
        if url.scheme() == "https" { &["https_proxy", "HTTPS_PROXY"] } else { &["http_proxy", "HTTP_PROXY"] };
    let names = own.iter().chain(&["all_proxy", "ALL_PROXY"]).copied();
    names.into_iter().find(|name| match std::env::var_os(name) {
        Some(value) if !value.is_empty() => !value.to_str().is_some_and(takes),
        _ => false,
    })
}

/// What a certificate that is no certificate, or a missing store of them, is.
pub(super) fn untrusted(error: &rustls::Error, own: &[Vec<u8>]) -> ClientError {
    match error {
        rustls::Error::General(missing) => ClientError::Setup(format!(
            "{missing}\n  install the system's certificates (the package is called ca-certificates), or name others with --ca-file"
        )),
        _ if own.is_empty() => ClientError::Setup(error.to_string()),
        _ => ClientError::Certificates(error.to_string()),
    }
}

/// What the chain of an error's sources holds.
struct Found<'e> {
    tls: Option<&'e rustls::Error>,
    http: Option<&'e hyper::Error>,
    io: Option<io::ErrorKind>,
    /// The outermost message repeats the address; the innermost says what happened.
    innermost: String,
}

impl<'e> Found<'e> {
    fn new(error: &'e reqwest::Error) -> Self {
        let mut found = Self { tls: None, http: None, io: None, innermost: error.to_string() };
        let mut next = error.source();
        while let Some(error) = next {
            found.see(error);
            next = error.source();
        }
        found
    }

    fn see(&mut self, error: &'e (dyn Error + 'static)) {
        self.innermost = error.to_string();
        self.tls = self.tls.or(error.downcast_ref());
        self.http = self.http.or(error.downcast_ref());
        if let Some(error) = error.downcast_ref::<io::Error>() {
            self.io = Some(error.kind());
            // An error within an I/O error is not among its sources.
            if let Some(inner) = error.get_ref() {
                self.see(inner);
            }
        }
    }
}

fn describe(settings: &Settings, error: &reqwest::Error, found: &Found<'_>) -> (Cause, String, &'static str) {
    let innermost = || found.innermost.clone();
    if let Some(tls) = found.tls {
        let (reason, hint) = certificate(tls);
        return (Cause::Lasting, reason, hint);
    }
    if error.is_builder() {
        return (Cause::Lasting, innermost(), "is this the server's address?");
    }
    if error.is_dns() {
        let hint = "the name is not known here; is it spelt right, and is the network up?";
        return (Cause::Unsent { listens: false }, innermost(), hint);
    }
    if error.is_connect() {
        use io::ErrorKind::{
            BrokenPipe, ConnectionAborted, ConnectionReset, HostUnreachable, NetworkUnreachable, UnexpectedEof,
        };
        let (listens, reason, hint) = match found.io {
            _ if error.is_timeout() => (
                false,
                format!("no connection within {}", seconds(settings.connect_timeout)),
                "is the address right, and does a firewall or a VPN stand between?",
            ),
            Some(ConnectionReset | ConnectionAborted | BrokenPipe | UnexpectedEof) => {
                (true, format!("the connection was closed at once ({})", found.innermost), "try again")
            }
            Some(HostUnreachable | NetworkUnreachable) => (false, innermost(), "is the network up?"),
            _ => (false, innermost(), "is the server running, and is this its address and port?"),
        };
        return (Cause::Unsent { listens }, reason, hint);
    }
    if error.is_timeout() {
        let reason = format!("it was silent for {}", seconds(settings.read_timeout));
        return (Cause::Silent, reason, "try again, or let it take longer with --read-timeout");
    }
    if found.http.is_some_and(hyper::Error::is_parse) {
        let reason = format!("what answers is no HTTP ({})", found.innermost);
        return (Cause::Lasting, reason, "is this the server's port, and should the address begin with https?");
    }
    (Cause::Lost, innermost(), "try again")
}

/// What is wrong with a connection's TLS, and what to do about it.
fn certificate(error: &rustls::Error) -> (String, &'static str) {
    use rustls::Error::{InvalidCertificate, InvalidMessage};
    let date = |time: rustls::pki_types::UnixTime| match i64::try_from(time.as_secs()).map(Timestamp::from_second) {
        Ok(Ok(time)) => time.strftime("%Y-%m-%d").to_string(),
        _ => "another time".to_owned(),
    };
    let clock = "its operator must renew it; if its dates are right, this machine's clock is wrong";
    let text = error.to_string();
    match error {
        InvalidCertificate(CertificateError::ExpiredContext { not_after, .. }) => {
            (format!("its certificate expired on {}", date(*not_after)), clock)
        }
        InvalidCertificate(CertificateError::Expired) => ("its certificate has expired".to_owned(), clock),
        InvalidCertificate(CertificateError::NotValidYetContext { not_before, .. }) => {
            (format!("its certificate is not valid before {}", date(*not_before)), clock)
        }
        InvalidCertificate(CertificateError::NotValidYet) => ("its certificate is not valid yet".to_owned(), clock),
        InvalidCertificate(CertificateError::UnknownIssuer) => (
            "its certificate is of an authority that this machine does not know, or of none (self-signed)".to_owned(),
            "if the authority is your own, name its certificate with --ca-file; else this may not be your server",
        ),
        InvalidCertificate(CertificateError::NotValidForNameContext { expected, presented }) => {
            let presented = match presented.as_slice() {
                [] => "no name at all".to_owned(),
                names => names.iter().map(|name| name_of(name)).collect::<Vec<_>>().join(", "),
            };
            (
                format!("its certificate is for {presented}, not for {}", expected.to_str()),
                "use the name that the certificate is for; else this may not be your server",
            )
        }
        InvalidCertificate(CertificateError::NotValidForName) => (
            "its certificate is for another name".to_owned(),
            "use the name that the certificate is for; else this may not be your server",
        ),
        InvalidCertificate(CertificateError::BadSignature) => (
            "its certificate was not signed by the authority that it names".to_owned(),
            "if --ca-file names that authority, is the file up to date? else this may not be your server",
        ),
        InvalidCertificate(CertificateError::Revoked) => {
            ("its certificate was revoked".to_owned(), "do not trust this server until its operator says why")
        }
        InvalidCertificate(CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. }) => {
            (NOT_FOR_SERVERS.0.to_owned(), NOT_FOR_SERVERS.1)
        }
        InvalidCertificate(CertificateError::BadEncoding) => {
            ("its certificate cannot be read".to_owned(), "its operator must replace the certificate")
        }
        InvalidCertificate(CertificateError::Other(error)) => other_certificate(&error.to_string()),
        InvalidCertificate(_) => (text, "its operator must replace the certificate"),
        rustls::Error::AlertReceived(AlertDescription::HandshakeFailure | AlertDescription::ProtocolVersion)
        | rustls::Error::PeerIncompatible(_) => (
            "it speaks no TLS that is spoken here: 1.2 or 1.3, with ciphers that are thought safe".to_owned(),
            "its operator must bring its TLS up to date",
        ),
        rustls::Error::AlertReceived(AlertDescription::UnrecognisedName) => (
            "it serves no such name over TLS".to_owned(),
            "is this the server's address? an address that is a number may need its name",
        ),
        rustls::Error::AlertReceived(AlertDescription::CertificateRequired) => (
            "it asks for a certificate of its clients, which this program has none of".to_owned(),
            "ask it from where it needs none",
        ),
        InvalidMessage(_) => (
            "what answers does not speak TLS".to_owned(),
            "is this the https port, or should the address begin with http?",
        ),
        _ => (format!("no secure connection: {text}"), "is this the server's https port, and is its TLS up to date?"),
    }
}

/// What is said of a certificate of another use.
const NOT_FOR_SERVERS: (&str, &str) = (
    "its certificate is not made for servers",
    "its operator must replace it by one with the extended key usage serverAuth",
);

/// What is wrong with a certificate that rustls has no word of its own for: it hands on the names of its verifier's errors.
fn other_certificate(name: &str) -> (String, &'static str) {
    match name.split(['(', ' ', '{']).next().unwrap_or_default() {
        // So the platform's verifier calls it.
        _ if name == "certificate had invalid extensions" => (NOT_FOR_SERVERS.0.to_owned(), NOT_FOR_SERVERS.1),
        "CaUsedAsEndEntity" => (
            "its certificate is that of an authority (CA:TRUE), and none of a server".to_owned(),
            "its operator must give it one of its own, without that mark: openssl req -x509 needs -addext basicConstraints=CA:FALSE",
        ),
        "EndEntityUsedAsCa" => (
            "its certificate is signed by one that is of no authority".to_owned(),
            "its operator must replace the certificate; if --ca-file names the signer, that must be an authority (CA:TRUE)",
        ),
        "PathLenConstraintViolated" | "NameConstraintViolation" => (
            "its certificate is one that its authority may not sign".to_owned(),
            "its operator must replace the certificate",
        ),
        "UnsupportedCertVersion" => (
            "its certificate is older than version 3".to_owned(),
            "its operator must make it anew: openssl makes version 3 where it has extensions, as -addext subjectAltName=DNS:… gives it",
        ),
        _ => (format!("its certificate is refused: {name}"), "its operator must replace the certificate"),
    }
}

/// A name of a certificate: rustls writes `DnsName("chat.example.com")`.
fn name_of(presented: &str) -> &str {
    presented.split('"').nth(1).unwrap_or(presented)
}

/// A time as a person writes it.
pub(super) fn seconds(time: Duration) -> String {
    format!("{} s", time.as_secs_f64())
}
