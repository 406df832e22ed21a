use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode, Uri};

/// Sends a request on to the server at `base`, and returns its status and body.
pub(crate) async fn forward(
    base: &str,
    method: Method,
    uri: &Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, Bytes) {
    let request = reqwest::Client::new()
        .request(method, format!("{base}{uri}"))
        .headers(headers)
        .body(body);
    let answer = request.send().await.unwrap();
    (answer.status(), answer.bytes().await.unwrap())
}

/// Serves `router` on a free port of this machine, and returns its base URL.
pub(crate) async fn serve(router: axum::Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    base
}
