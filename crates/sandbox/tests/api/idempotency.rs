//! Idempotency keys.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::Method;
use serde_json::Value;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use crate::api_client::{Answer, ApiClient, id, order};

const PATH: &str = "/v1/checkout/sessions";

async fn create(client: &ApiClient, key: &str, more: &[(&str, &str)]) -> Answer {
    post(client, PATH, key, &[&order()[..], more].concat()).await
}

async fn post(client: &ApiClient, path: &str, key: &str, form: &[(&str, &str)]) -> Answer {
    let request = client
        .request(Method::POST, path)
        .header("Idempotency-Key", key)
        .form(form);
    Answer::of(request.send().await.unwrap()).await
}

async fn sessions(client: &ApiClient) -> Vec<Value> {
    client.get(PATH).await.body["data"]
        .as_array()
        .unwrap()
        .clone()
}

#[tokio::test]
async fn the_first_answer_is_given_again() {
    let mut client = ApiClient::new().await;
    let first = create(&client, "key", &[]).await;
    assert_eq!(
        (
            first.header("idempotency-key"),
            first.header("idempotent-replayed")
        ),
        (Some("key"), None)
    );
    client.restart().await;
    let second = create(&client, "key", &[]).await;
    assert_eq!(second.header("idempotent-replayed"), Some("true"));
    assert_eq!(second.body, first.body);
    assert_eq!(sessions(&client).await.len(), 1);
}

#[tokio::test]
async fn a_key_is_bound_to_its_request() {
    let client = ApiClient::new().await;
    let first = create(&client, "key", &[]).await;
    let other_parameters = create(&client, "key", &[("client_reference_id", "x")]).await;
    let other_path = post(
        &client,
        &format!("{PATH}/{}/expire", id(&first.body)),
        "key",
        &[],
    )
    .await;
    for answer in [other_parameters, other_path] {
        assert_eq!(
            (answer.status, &answer.error()["type"]),
            (400, &"idempotency_error".into())
        );
        assert!(
            answer.error()["message"]
                .as_str()
                .unwrap()
                .starts_with("Keys for idempotent requests can only be used")
        );
    }
}

#[tokio::test]
async fn request_refused_for_its_parameters_may_be_corrected() {
    let client = ApiClient::new().await;
    assert_eq!(create(&client, "key", &[("foo", "1")]).await.status, 400);
    assert_eq!(create(&client, "key", &[]).await.status, 200);
}

#[tokio::test]
async fn a_refusal_for_the_state_of_things_is_kept() {
    let client = ApiClient::new().await;
    let session = client.session(&[]).await;
    let path = format!("{PATH}/{}/expire", id(&session));
    client.post(&path, &[]).await;
    let first = post(&client, &path, "key", &[]).await;
    let second = post(&client, &path, "key", &[]).await;
    assert_eq!((first.status, second.status), (400, 400));
    assert_eq!(second.header("idempotent-replayed"), Some("true"));
}

#[tokio::test]
async fn equal_requests_at_the_same_time_make_one_session() {
    let client = ApiClient::new().await;
    let answers = tokio::join!(
        create(&client, "key", &[]),
        create(&client, "key", &[]),
        create(&client, "key", &[]),
        create(&client, "key", &[]),
    );
    let made = sessions(&client).await;
    assert_eq!(made.len(), 1);
    for answer in [answers.0, answers.1, answers.2, answers.3] {
        match answer.status {
            200 => assert_eq!(answer.body["id"], made[0]["id"]),
            409 => assert_eq!(answer.error()["code"], "idempotency_key_in_use"),
            other => panic!("unexpected status {other}"),
        }
    }
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_day() {
    let client = ApiClient::new().await;
    let first = create(&client, "key", &[]).await;
    client
        .control("/sandbox/clock", &[("advance", "86390")])
        .await;
    assert_eq!(create(&client, "key", &[]).await.body, first.body);
    client.control("/sandbox/clock", &[("advance", "20")]).await;
    assert_ne!(
        create(&client, "key", &[]).await.body["id"],
        first.body["id"]
    );
}

#[tokio::test]
async fn a_key_has_at_most_255_characters() {
    let client = ApiClient::new().await;
    assert_eq!(create(&client, &"k".repeat(255), &[]).await.status, 200);
    assert_eq!(create(&client, &"k".repeat(256), &[]).await.status, 400);
}

#[tokio::test]
async fn request_that_waits_too_long_gets_lock_timeout_and_can_be_repeated() {
    let mut state = PathBuf::new();
    let client = ApiClient::with(|config| {
        config.lock_timeout = Duration::from_millis(500);
        state.clone_from(&config.state);
    })
    .await;
    let mut other: SqliteConnection = SqliteConnectOptions::new()
        .filename(&state)
        .connect()
        .await
        .unwrap();
    sqlx::query("BEGIN IMMEDIATE")
        .execute(&mut other)
        .await
        .unwrap();
    // The first waits for the file, the others for the first.
    let keys = ["a", "b", "c"];
    let refused = futures(keys.map(|key| create(&client, key, &[]))).await;
    for answer in refused {
        assert_eq!(answer.status, 429);
        assert_eq!(answer.error()["code"], "lock_timeout");
        assert_eq!(answer.header("stripe-rate-limited-reason"), None);
    }
    assert_eq!(
        sessions(&client).await.len(),
        0,
        "who only reads does not wait"
    );
    other.close().await.unwrap();
    for key in keys {
        let made = create(&client, key, &[]).await;
        assert_eq!(
            (made.status, made.header("idempotent-replayed")),
            (200, None)
        );
    }
}

async fn futures<F: Future>([first, second, third]: [F; 3]) -> [F::Output; 3] {
    tokio::join!(first, second, third).into()
}
