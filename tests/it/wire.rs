//! What every answer has.

use support::both;

both! {
    async fn nothing_but_start_and_stop(app: App) {
        app.as_nobody().get("/healthz").await.expect(200);
    }
}
