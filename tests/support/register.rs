//! A register that stands in for Enhetsregisteret: answers what it is told to, and counts who asks.

use std::sync::{Arc, Mutex, PoisonError};

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};

/// A register on a port of its own.
pub struct Register {
    /// Its address, as the configuration takes it.
    pub url: String,
    state: Arc<Mutex<State>>,
    handle: ServerHandle,
}

#[derive(Default)]
struct State {
    status: u16,
    body: String,
    location: Option<String>,
    asked: Vec<String>,
}

impl Register {
    /// Starts one that knows nobody.
    #[must_use]
    pub fn start() -> Self {
        let state = Arc::new(Mutex::new(State { status: 404, ..State::default() }));
        let data = web::Data::new(Arc::clone(&state));
        let server = HttpServer::new(move || App::new().app_data(data.clone()).default_service(web::to(answer)));
        let server =
            server.workers(1).disable_signals().shutdown_timeout(0).bind(("127.0.0.1", 0)).expect("a free port");
        let url = format!("http://{}/api", server.addrs()[0]);
        let server = server.run();
        let handle = server.handle();
        tokio::spawn(server);
        Self { url, state, handle }
    }

    /// Answers so from now on.
    pub fn says(&self, status: u16, body: impl Into<String>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        (state.status, state.body) = (status, body.into());
    }

    /// Sends whoever asks elsewhere from now on.
    pub fn points_to(&self, address: &str) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        (state.status, state.location) = (302, Some(address.to_owned()));
    }

    /// The paths that were asked for.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).asked.clone()
    }

    /// Ends it.
    pub async fn end(self) {
        self.handle.stop(false).await;
    }
}

async fn answer(request: HttpRequest, state: web::Data<Arc<Mutex<State>>>) -> HttpResponse {
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    state.asked.push(request.path().to_owned());
    let status = actix_web::http::StatusCode::from_u16(state.status).expect("a status");
    let mut response = HttpResponse::build(status);
    if let Some(location) = &state.location {
        response.insert_header(("Location", location.clone()));
    }
    response.content_type("application/json").body(state.body.clone())
}
