use store::admin::{
    Session, delete_all_sessions, delete_session, extend_session, insert_session, session,
};

use crate::test_store::TestStore;

#[tokio::test]
async fn session_goes_on_until_its_time_or_its_end() {
    let test = TestStore::new().await;
    let mut tx = test.store.begin().await.unwrap();
    for hash in ["a", "b", "c"] {
        insert_session(&mut tx, hash, 100, 200).await.unwrap();
    }
    delete_session(&mut tx, "b").await.unwrap();
    tx.commit().await.unwrap();
    for (hash, now, goes_on) in [
        ("a", 100, true),
        ("a", 199, true),
        ("a", 200, false),
        ("b", 100, false),
        ("", 100, false),
    ] {
        assert_eq!(
            session(&test.store, hash, now).await.unwrap().is_some(),
            goes_on,
            "{hash} at {now}"
        );
    }
    let mut tx = test.store.begin().await.unwrap();
    delete_all_sessions(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(session(&test.store, "a", 100).await.unwrap(), None);
}

#[tokio::test]
async fn new_session_clears_away_those_that_are_over() {
    let test = TestStore::new().await;
    let mut tx = test.store.begin().await.unwrap();
    insert_session(&mut tx, "old", 100, 200).await.unwrap();
    insert_session(&mut tx, "going-on", 150, 201).await.unwrap();
    insert_session(&mut tx, "new", 200, 300).await.unwrap();
    tx.commit().await.unwrap();
    let left = test
        .database
        .texts("SELECT token_hash FROM admin_sessions ORDER BY token_hash")
        .await;
    assert_eq!(left, ["going-on", "new"]);
}

#[tokio::test]
async fn extended_session_goes_on_and_an_ended_one_stays_ended() {
    let test = TestStore::new().await;
    let mut tx = test.store.begin().await.unwrap();
    insert_session(&mut tx, "a", 100, 200).await.unwrap();
    extend_session(&mut tx, "a", 300, 199).await.unwrap();
    // Two requests at the same moment: the later end stays.
    extend_session(&mut tx, "a", 250, 199).await.unwrap();
    extend_session(&mut tx, "a", 400, 300).await.unwrap();
    tx.commit().await.unwrap();
    let found = session(&test.store, "a", 299).await.unwrap();
    let expected = Session {
        created_at: 100,
        expires_at: 300,
    };
    assert_eq!(found, Some(expected));
    assert_eq!(session(&test.store, "a", 300).await.unwrap(), None);
}
