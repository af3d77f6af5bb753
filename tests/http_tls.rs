//! Servers whose certificate is expired, unknown or another's: what is trusted, and what is said.
#![cfg(feature = "cli")]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        reason = "tests may fail"
    )
)]

mod misbehave;
mod program;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cwql::client::{ClientError, Settings, Token};
use cwql::{Client, Schema, compile};
use misbehave::{RIGHT, http};
use program::ran;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, date_time_ymd,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

const TOKEN: &str = "tOkEn-0123456789-never-shown";

/// An authority of one's own.
fn authority() -> CertifiedIssuer<'static, KeyPair> {
    named("Authority")
}

fn named(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new([]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A server with a certificate that the authority signed, or that it signed itself.
struct Secure {
    url: String,
    /// Connections that came as far as a request.
    requests: Arc<AtomicUsize>,
}

impl Secure {
    fn start(issuer: Option<&CertifiedIssuer<'static, KeyPair>>, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let mut params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = match issuer {
            Some(issuer) => params.signed_by(&key, issuer).unwrap(),
            None => params.self_signed(&key).unwrap(),
        };
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let requests: Arc<AtomicUsize> = Arc::default();
        let seen = requests.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let acceptor = TlsAcceptor::from(Arc::new(config));
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                loop {
                    let (stream, _) = listener.accept().await.unwrap();
                    let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                    // A request of this test comes at once and is small.
                    if matches!(stream.read(&mut [0; 1 << 14]).await, Ok(1..)) {
                        seen.fetch_add(1, Ordering::SeqCst);
                        let _ = stream.write_all(&http("200 OK", "connection: close\r\n", RIGHT)).await;
                        let _ = stream.shutdown().await;
                    }
                }
            });
        });
        Self { url, requests }
    }

    fn ask(&self, roots: Vec<Vec<u8>>) -> Result<usize, ClientError> {
        let settings = Settings { root_certificates: roots, retries: 0, ..Settings::default() };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let client = Client::with_settings(&self.url, 1, Token::new(TOKEN), settings)?;
            let payload = compile("status = open", &Schema::default()).unwrap();
            Ok(client.filter_page(&payload, 1).await?.conversations.len())
        })
    }

    /// Expects that no request is sent, and an error with these parts.
    fn is_refused(&self, roots: Vec<Vec<u8>>, parts: &[&str]) {
        let error = self.ask(roots).unwrap_err().to_string();
        for part in parts {
            assert!(error.contains(part), "no `{part}` in {error}");
        }
        assert_eq!(self.requests.load(Ordering::SeqCst), 0, "{error}");
    }
}

fn pem(authority: &CertifiedIssuer<'static, KeyPair>) -> Vec<u8> {
    authority.pem().into_bytes()
}

#[test]
fn an_authority_of_ones_own_is_trusted_where_it_is_named() {
    let authority = authority();
    let server = Secure::start(Some(&authority), |_| {});
    assert_eq!(server.ask(vec![pem(&named("Another")), pem(&authority)]), Ok(1));
    assert_eq!(server.requests.load(Ordering::SeqCst), 1);
}

#[test]
fn an_expired_certificate_is_refused() {
    let authority = authority();
    let server = Secure::start(Some(&authority), |params| {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 3, 4);
    });
    server.is_refused(vec![pem(&authority)], &["its certificate expired on 2021-03-04", "this machine's clock"]);
}

#[test]
fn a_certificate_of_the_future_is_refused() {
    let authority = authority();
    let server = Secure::start(Some(&authority), |params| params.not_before = date_time_ymd(3000, 1, 1));
    server.is_refused(vec![pem(&authority)], &["is not valid before 3000-01-01"]);
}

#[test]
fn a_self_signed_certificate_is_refused() {
    let server = Secure::start(None, |_| {});
    server.is_refused(
        Vec::new(),
        &["an authority that this machine does not know, or of none (self-signed)", "--ca-file"],
    );
}

/// What `openssl req -x509` makes is a certificate of an authority.
#[test]
fn a_certificate_of_the_wrong_kind_is_refused_in_words() {
    let authority = authority();
    let mark = |params: &mut CertificateParams| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let server = Secure::start(Some(&authority), mark);
    server.is_refused(
        vec![pem(&authority)],
        &["its certificate is that of an authority (CA:TRUE)", "basicConstraints=CA:FALSE"],
    );
    let server = Secure::start(Some(&authority), |params| {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    });
    server.is_refused(vec![pem(&authority)], &["its certificate is not made for servers", "serverAuth"]);
}

#[test]
fn a_certificate_of_an_unknown_authority_is_refused() {
    let server = Secure::start(Some(&authority()), |_| {});
    server.is_refused(vec![pem(&named("Another"))], &["an authority that this machine does not know", "--ca-file"]);
    // One that was made anew under its old name.
    server
        .is_refused(vec![pem(&authority())], &["not signed by the authority that it names", "is the file up to date?"]);
}

#[test]
fn a_certificate_of_another_host_is_refused() {
    let authority = authority();
    let mut server = Secure::start(Some(&authority), |params| {
        *params = CertificateParams::new(["chat.example.com".to_owned(), "www.example.com".to_owned()]).unwrap();
    });
    let roots = || vec![pem(&authority)];
    server.is_refused(roots(), &["its certificate is for chat.example.com, www.example.com, not for 127.0.0.1"]);
    server.url = server.url.replace("127.0.0.1", "localhost");
    server.is_refused(roots(), &["not for localhost", "use the name that the certificate is for"]);
}

#[test]
fn what_speaks_no_tls_is_said() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(&http("400 Bad Request", "", ""));
        }
    });
    let secure = Secure { url, requests: Arc::default() };
    secure.is_refused(Vec::new(), &["what answers does not speak TLS", "should the address begin with http?"]);
}

#[test]
fn what_speaks_only_tls_is_said() {
    let server = Secure::start(None, |_| {});
    let plain = Secure { url: server.url.replace("https:", "http:"), requests: server.requests };
    plain.is_refused(Vec::new(), &["no answer from http://127.0.0.1:"]);
}

#[test]
fn certificates_that_are_none_are_refused() {
    let server = Secure::start(None, |_| {});
    for (bytes, part) in [
        (&b""[..], "there is none in it"),
        (b"nonsense", "there is none in it"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "cannot be read"),
        (b"-----BEGIN CERTIFICATE-----\n?\n", "cannot be read"),
    ] {
        let error = server.ask(vec![bytes.to_vec()]).unwrap_err();
        assert!(matches!(error, ClientError::Certificates(_)), "{error}");
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn the_program_takes_a_file_of_authorities() {
    let authority = authority();
    let server = Secure::start(Some(&authority), |_| {});
    let folder = program::folder("http_tls");
    let (good, bad) = (folder.join("ca.pem"), folder.join("bad.pem"));
    fs::write(&good, authority.pem()).unwrap();
    fs::write(&bad, "nonsense").unwrap();
    let run = |extra: &[&str]| {
        let base = ["status = open", "--output", "ids", "--account-id", "1", "--url", &server.url];
        ran(program::command().args(base).args(extra).env("CHATWOOT_API_ACCESS_TOKEN", TOKEN))
    };
    let ran = run(&["--ca-file", good.to_str().unwrap()]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "7\n", ""), "{ran:?}");
    let ran = run(&[]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.starts_with("cwql: no answer from https://127.0.0.1:"), "{}", ran.err);
    let ran = run(&["--ca-file", bad.to_str().unwrap()]);
    assert_eq!(ran.code, 4);
    assert!(ran.err.contains("the certificates to trust cannot be read"), "{}", ran.err);
    let ran = run(&["--ca-file", folder.join("none.pem").to_str().unwrap()]);
    assert_eq!(ran.code, 4);
    assert!(ran.err.contains("none.pem cannot be read"), "{}", ran.err);
}

#[test]
fn the_systems_authorities_are_read_for_https_alone() {
    let authority = authority();
    let secure = Secure::start(Some(&authority), |_| {});
    let plain = program::Sandbox::start([]);
    let folder = program::folder("http_tls_store");
    let (good, bad) = (folder.join("good.pem"), folder.join("bad.pem"));
    fs::write(&good, authority.pem()).unwrap();
    fs::write(&bad, "-----BEGIN CERTIFICATE-----\n?\n").unwrap();
    // Where the system's store is, these variables say.
    let run = |url: &str, store: &std::path::Path| {
        let mut command = plain.command();
        command.env("SSL_CERT_FILE", store).env_remove("SSL_CERT_DIR");
        ran(command.args(["status = open", "--output", "ids", "--limit", "1", "--url", url]))
    };
    for store in [&good, &bad, &folder.join("none.pem")] {
        let ran = run(plain.url(), store);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "163\n", ""), "{ran:?}");
    }
    assert_eq!(run(&secure.url, &good).out, "7\n");
    let ran = run(&secure.url, &bad);
    assert!(ran.code != 0 && ran.out.is_empty() && ran.err.contains("certificate"), "{ran:?}");
    // The one that was let in.
    assert_eq!(secure.requests.load(Ordering::SeqCst), 1);
}
