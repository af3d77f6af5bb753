//! The endpoints over HTTP, on loopback only.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, RawQuery, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Serialize;
use tokio::net::TcpListener;

use super::{Answer, Sandbox, User};
use crate::server::text_to_i;

/// A longer body is a 413.
const MAX_BODY: usize = 10 * 1024 * 1024;

/// The access tokens of the two users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tokens {
    /// Acts as [`User::Admin`].
    pub admin: String,
    /// Acts as [`User::Agent`].
    pub agent: String,
}

impl Default for Tokens {
    fn default() -> Self {
        Self { admin: "sandbox-admin-token".to_owned(), agent: "sandbox-agent-token".to_owned() }
    }
}

/// What a client must know to talk to a running sandbox: printed as one line of JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ready {
    /// Where it listens.
    pub url: String,
    /// The only account.
    pub account_id: u64,
    /// Who may ask.
    pub tokens: Tokens,
    /// The server version it answers as.
    pub version: String,
}

impl Ready {
    /// What there is to know about a sandbox about to be served.
    ///
    /// # Errors
    /// The listener's address is unknown.
    pub fn new(sandbox: &Sandbox, listener: &TcpListener, tokens: Tokens) -> io::Result<Self> {
        Ok(Self {
            url: format!("http://{}", listener.local_addr()?),
            account_id: sandbox.account_id(),
            tokens,
            version: sandbox.version().to_string(),
        })
    }
}

struct Server {
    sandbox: Arc<Sandbox>,
    tokens: Tokens,
}

type Shared = State<Arc<Server>>;

/// Answers requests until the future is dropped. Whoever keeps the sandbox may change it meanwhile.
///
/// # Errors
/// The listener does not listen on loopback, or accepting connections fails.
pub async fn serve(sandbox: impl Into<Arc<Sandbox>>, listener: TcpListener, tokens: Tokens) -> io::Result<()> {
    if !listener.local_addr()?.ip().is_loopback() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the sandbox listens on loopback only"));
    }
    axum::serve(listener, router(Arc::new(Server { sandbox: sandbox.into(), tokens }))).await
}

fn router(server: Arc<Server>) -> Router {
    let account = Router::new()
        .route("/conversations", get(list).post(create))
        .route("/conversations/meta", get(meta))
        .route("/conversations/filter", post(filter))
        .route("/agents", get(look_up(|sandbox| sandbox.account.agents_json())))
        .route("/inboxes", get(look_up(|sandbox| sandbox.account.inboxes_json())))
        .route("/teams", get(look_up(|sandbox| sandbox.account.teams_json())))
        .route("/labels", get(look_up(|sandbox| sandbox.account.labels_json())))
        .route("/campaigns", get(look_up(|sandbox| sandbox.account.campaigns_json())))
        .route("/custom_attribute_definitions", get(definitions));
    Router::new()
        .route("/api", get(version))
        .route("/api/v1/profile", get(profile))
        .nest("/api/v1/accounts/{account_id}", account)
        .fallback(no_route)
        // Rails has routes of a path and a method, and none where either is another.
        .method_not_allowed_fallback(no_route)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(server)
}

async fn no_route() -> Answer {
    error(404, r#"{"status":404,"error":"Not Found"}"#)
}

fn error(status: u16, body: &str) -> Answer {
    Answer { status, ..Answer::ok(body.to_owned()) }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, [(CONTENT_TYPE, "application/json; charset=utf-8")], self.body).into_response()
    }
}

impl Server {
    /// The user of a request's token.
    fn user(&self, headers: &HeaderMap) -> Result<User, Answer> {
        // Rack makes one name of both spellings, which differ in `_` and `-`.
        let token = headers.get("api_access_token").or_else(|| headers.get("api-access-token"));
        match token.map(|token| token.as_bytes()) {
            None => Err(error(401, r#"{"errors":["You need to sign in or sign up before continuing."]}"#)),
            Some(token) if token == self.tokens.admin.as_bytes() => Ok(User::Admin),
            Some(token) if token == self.tokens.agent.as_bytes() => Ok(User::Agent),
            Some(_) => Err(error(401, r#"{"error":"Invalid Access Token"}"#)),
        }
    }

    /// The user of a request to an account's endpoint.
    fn member(&self, headers: &HeaderMap, account_id: &str) -> Result<User, Answer> {
        let user = self.user(headers)?;
        if u64::try_from(text_to_i(account_id)) == Ok(self.sandbox.account_id()) {
            Ok(user)
        } else {
            Err(error(404, r#"{"error":"Resource could not be found"}"#))
        }
    }
}

fn pairs(query: Option<&str>) -> Vec<(String, String)> {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect()
}

fn pair<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// Rails parses a body only if it is said to be JSON, and an empty one not at all.
fn json_body(headers: &HeaderMap, body: &Bytes) -> Bytes {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if body.is_empty() || !media_type.eq_ignore_ascii_case("application/json") {
        Bytes::from_static(b"{}")
    } else {
        body.clone()
    }
}

async fn filter(
    State(server): Shared,
    Path(account_id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Answer, Answer> {
    let user = server.member(&headers, &account_id)?;
    let query = pairs(query.as_deref());
    Ok(server.sandbox.filter(user, &json_body(&headers, &body), pair(&query, "page")))
}

async fn create(
    State(server): Shared,
    Path(account_id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Answer, Answer> {
    let user = server.member(&headers, &account_id)?;
    Ok(server.sandbox.create(user, &json_body(&headers, &body)))
}

async fn list(
    State(server): Shared,
    Path(account_id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Answer, Answer> {
    let user = server.member(&headers, &account_id)?;
    Ok(server.sandbox.list(user, &pairs(query.as_deref())))
}

async fn meta(
    State(server): Shared,
    Path(account_id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Answer, Answer> {
    let user = server.member(&headers, &account_id)?;
    Ok(server.sandbox.meta(user, &pairs(query.as_deref())))
}

/// A handler that shows one of the account's lists.
fn look_up(
    show: fn(&Sandbox) -> String,
) -> impl Fn(Shared, Path<String>, HeaderMap) -> std::future::Ready<Result<Answer, Answer>> + Clone {
    move |State(server), Path(account_id), headers| {
        std::future::ready(server.member(&headers, &account_id).map(|_| Answer::ok(show(&server.sandbox))))
    }
}

async fn definitions(
    State(server): Shared,
    Path(account_id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Answer, Answer> {
    server.member(&headers, &account_id)?;
    let query = pairs(query.as_deref());
    Ok(Answer::ok(server.sandbox.account.definitions_json(pair(&query, "attribute_model"))))
}

async fn profile(State(server): Shared, headers: HeaderMap) -> Result<Answer, Answer> {
    let user = server.user(&headers)?;
    Ok(Answer::ok(server.sandbox.account.profile_json(user)))
}

async fn version(State(server): Shared) -> Answer {
    let sandbox = &server.sandbox;
    let timestamp = sandbox.now.strftime("%Y-%m-%d %H:%M:%S").to_string();
    let body = serde_json::json!({
        "version": sandbox.version().to_string(),
        "timestamp": timestamp,
        "queue_services": "ok",
        "data_services": "ok",
    });
    Answer::ok(body.to_string())
}
