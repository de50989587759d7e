//! Requests that no client library would send, byte by byte.

use std::time::{Duration, Instant};

use support::both;
use support::raw::{Connection, ask, field, status};

/// What every request here has.
const HEAD: &str = "host: framdrift.example\r\nconnection: close\r\n";

both! {
    async fn a_head_that_is_too_large_is_refused_by_its_part(app: App) {
        let get = |path: &str, fields: &str| ask(app.address, format!("GET {path} HTTP/1.1\r\n{HEAD}{fields}\r\n").as_bytes());
        let long = |length: usize| "a".repeat(length);
        let asked = [
            (get("/api/v1/me", &format!("authorization: Bearer {}\r\n", long(8186))), 401, "auth.invalid_token"),
            (get("/api/v1/me", &format!("authorization: Bearer {}\r\n", long(9000))), 401, "auth.invalid_token"),
            (get(&format!("/api/v1/me?{}", long(8192)), ""), 414, "request.uri_too_long"),
            (get("/api/v1/me", &format!("x-long: {}\r\n", long(16_400))), 431, "request.headers_too_large"),
            (get("/healthz", &(0..90).map(|n| format!("x-{n}: {}\r\n", long(190))).collect::<String>()), 431, "request.headers_too_large"),
        ];
        for (answer, wanted, code) in asked {
            assert_eq!(status(&answer), wanted, "{answer}");
            assert_eq!(field(&answer, "content-type"), "application/problem+json");
            assert!(answer.contains(&format!("\"code\":\"{code}\"")), "{answer}");
        }
        assert_eq!(status(&get(&format!("/healthz?{}", long(8000)), "")), 400, "an unknown parameter, not an address that is too long");
    }

    async fn what_cannot_be_read_in_one_way_only_is_refused_and_the_connection_closed(app: App) {
        let post = "POST /api/v1/auth/login HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n";
        let smuggled = "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n";
        let requests = [
            format!("{post}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n{smuggled}"),
            format!("{post}content-length: 2\r\ncontent-length: 37\r\n\r\n{{}}{smuggled}"),
            format!("{post}content-length: +2\r\n\r\n{{}}{smuggled}"),
            format!("{post}content-length: 2, 2\r\n\r\n{{}}{smuggled}"),
            format!("{post}content-length: 0x2\r\n\r\n{{}}{smuggled}"),
            format!("{post}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n{smuggled}"),
            format!("{post}transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n{smuggled}"),
            format!("{post}transfer-encoding: chunked\r\n\r\nzz\r\n{{}}\r\n0\r\n\r\n{smuggled}"),
            format!("GET /healthz HTTP/1.1\r\nhost: a\r\n x: folded\r\n\r\n{smuggled}"),
            format!("GET /healthz HTTP/1.1\r\nhost: a\r\nx: a\0b\r\n\r\n{smuggled}"),
            format!("GET /healthz HTTP/1.1\r\nhost : a\r\n\r\n{smuggled}"),
            format!("GET /healthz HTTP/9.9\r\nhost: a\r\n\r\n{smuggled}"),
        ];
        for request in requests {
            let answer = ask(app.address, request.as_bytes());
            assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "one answer, not the smuggled one: {request:?} {answer}");
            assert!((400..500).contains(&status(&answer)), "{request:?} {answer}");
        }
    }

    async fn nothing_of_a_request_becomes_a_header_field_of_the_answer(app: App) {
        let evil = "%0d%0aset-cookie:%20a=b";
        let asked = [
            format!("GET /api/v1/programmes?sort={evil} HTTP/1.1\r\n{HEAD}\r\n"),
            format!("GET /problems/{evil} HTTP/1.1\r\n{HEAD}\r\n"),
            format!("GET /docs{evil} HTTP/1.1\r\n{HEAD}\r\n"),
            format!("GET /api/v1/me HTTP/1.1\r\n{HEAD}origin: a{evil}\r\ntraceparent: {evil}\r\naccept-language: {evil}\r\n\r\n"),
        ];
        for request in asked {
            let answer = ask(app.address, request.as_bytes());
            assert!(field(&answer, "set-cookie").is_empty() && status(&answer) >= 400, "{answer}");
        }
    }

    async fn depth_length_and_number_are_bounded(app: App) {
        let admin = app.as_admin();
        let send = |body: String| admin.send("POST", "/api/v1/programmes").body("application/json", body);
        let nested = |depth: usize| format!("{{\"name\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        let objects = |depth: usize| format!("{}1{}", "{\"name\":".repeat(depth), "}".repeat(depth));
        // 127 deep in all is read, and then it is no name; what is deeper is not read.
        assert_eq!(send(nested(126)).await.status, 422);
        for body in [nested(128), objects(129), nested(100_000), objects(100_000)] {
            let began = Instant::now();
            send(body).await.refused(400, "request.malformed");
            assert!(began.elapsed() < Duration::from_secs(2));
        }
        let limit = app.config.body_limit;
        let of = |length: usize| format!("{{\"name\":\"{}\"}}", "x".repeat(length - 11));
        assert_eq!((send(of(limit)).await.status, send(of(limit + 1)).await.status), (422, 413));
        let members = |count: usize| format!("{{{}\"name\":\"P\"}}", (1..count).map(|n| format!("\"m{n}\":1,")).collect::<String>());
        send(members(1000)).await.refused(422, "record.invalid");
        send(members(1001)).await.refused(400, "request.malformed");
        send(format!("{{\"{}\":1}}", "k".repeat(200))).await.refused(422, "record.invalid");
        send(format!("{{\"{}\":1}}", "k".repeat(1_000_000))).await.refused(400, "request.malformed");
    }

    async fn who_sends_or_reads_too_slowly_is_let_go_and_others_do_not_wait(app: App) {
        let slow = |path: &str| {
            let mut connection = Connection::to(app.address);
            let head = format!("POST {path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{{");
            connection.send(head.as_bytes());
            connection
        };
        // The first to ask for the document has it made, which takes its time.
        app.as_nobody().get("/openapi.json").await.expect(200);
        let began = Instant::now();
        let mut body = slow("/api/v1/auth/login");
        let mut refused = slow("/api/v1/programmes");
        let reader = reads_nothing(app.address);
        for _ in 0..20 {
            app.as_nobody().get("/healthz").await.expect(200);
        }
        let answer = body.rest();
        assert_eq!(status(&answer), 408, "{answer}");
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
        let answer = refused.rest();
        assert_eq!(status(&answer), 401, "{answer}");
        if cfg!(target_os = "linux") {
            reader.given_up();
            assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
        }
    }
}

/// A client that asks for much and takes nothing of it.
fn reads_nothing(server: std::net::SocketAddr) -> Connection {
    let mut connection = Connection::to(server);
    connection.send("GET /openapi.json HTTP/1.1\r\nhost: a\r\n\r\n".repeat(12).as_bytes());
    connection
}
