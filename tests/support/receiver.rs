//! Somebody else's endpoint: takes what webhooks bring and answers as it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use standardwebhooks::Webhook;
use tokio::sync::watch;

/// Longest wait for what ought to come.
const PATIENCE: Duration = Duration::from_secs(60);

/// How it answers.
#[derive(Clone, Debug)]
pub enum Reply {
    /// With a status.
    Status(u16),
    /// With a status and a header field.
    With(u16, &'static str, String),
    /// Never.
    Silence,
}

/// A message as it came.
#[derive(Clone, Debug)]
pub struct Received {
    /// The header fields.
    pub headers: HeaderMap,
    /// The body as it came.
    pub bytes: Vec<u8>,
    /// The body as JSON.
    pub json: Value,
}

/// An endpoint on a port of its own.
pub struct Receiver {
    /// Its address.
    pub url: String,
    state: Arc<State>,
    handle: ServerHandle,
}

struct State {
    replies: Mutex<(VecDeque<Reply>, Reply)>,
    received: watch::Sender<Vec<Received>>,
}

impl Receiver {
    /// Starts one that takes everything.
    #[must_use]
    pub fn start() -> Self {
        let replies = Mutex::new((VecDeque::new(), Reply::Status(204)));
        let state = Arc::new(State { replies, received: watch::Sender::new(Vec::new()) });
        let data = web::Data::from(Arc::clone(&state));
        let server = HttpServer::new(move || App::new().app_data(data.clone()).default_service(web::to(receive)));
        let server =
            server.workers(1).disable_signals().shutdown_timeout(0).bind(("127.0.0.1", 0)).expect("a free port");
        let url = format!("http://{}/hook", server.addrs()[0]);
        let server = server.run();
        let handle = server.handle();
        tokio::spawn(server);
        Self { url, state, handle }
    }

    /// Answers so from now on.
    pub fn always(&self, reply: Reply) {
        self.replies().1 = reply;
    }

    /// Answers the next message so.
    pub fn once(&self, reply: Reply) {
        self.replies().0.push_back(reply);
    }

    fn replies(&self) -> std::sync::MutexGuard<'_, (VecDeque<Reply>, Reply)> {
        self.state.replies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What has come so far.
    #[must_use]
    pub fn so_far(&self) -> Vec<Received> {
        self.state.received.borrow().clone()
    }

    /// Waits until this many messages have come.
    pub async fn until(&self, count: usize) -> Vec<Received> {
        let mut received = self.state.received.subscribe();
        let enough = tokio::time::timeout(PATIENCE, received.wait_for(|received| received.len() >= count)).await;
        enough
            .unwrap_or_else(|_| panic!("{} of {count} messages have come", self.so_far().len()))
            .expect("it runs")
            .clone()
    }

    /// Ends it.
    pub async fn end(self) {
        self.handle.stop(false).await;
    }
}

impl Received {
    /// A header field.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// `webhook-id`.
    #[must_use]
    pub fn id(&self) -> &str {
        self.header("webhook-id")
    }

    /// Whether a secret fits, as the independent library sees it.
    #[must_use]
    pub fn fits(&self, secret: &str) -> bool {
        Webhook::new(secret).expect("a secret").verify(&self.bytes, &self.headers).is_ok()
    }
}

async fn receive(request: HttpRequest, body: web::Bytes, state: web::Data<State>) -> HttpResponse {
    let mut headers = HeaderMap::new();
    for (name, value) in request.headers() {
        let name = HeaderName::from_bytes(name.as_str().as_bytes()).expect("a name");
        headers.insert(name, HeaderValue::from_bytes(value.as_bytes()).expect("a value"));
    }
    let json = serde_json::from_slice(&body).unwrap_or_default();
    let reply = {
        let mut replies = state.replies.lock().unwrap_or_else(PoisonError::into_inner);
        replies.0.pop_front().unwrap_or_else(|| replies.1.clone())
    };
    state.received.send_modify(|received| received.push(Received { headers, bytes: body.to_vec(), json }));
    let status = |status: u16| actix_web::http::StatusCode::from_u16(status).expect("a status");
    match reply {
        Reply::Status(code) => HttpResponse::new(status(code)),
        Reply::With(code, name, value) => HttpResponse::build(status(code)).insert_header((name, value)).finish(),
        Reply::Silence => std::future::pending().await,
    }
}
