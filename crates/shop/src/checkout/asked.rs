use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OnceCell;

use crate::Error;

/// For how long an answer about an open payment holds, in seconds.
const FRESH_SECONDS: i64 = 5;

/// The provider's answers about open payments of a moment ago, so that clicks on Checkout, as many
/// as there may be, ask once in [`FRESH_SECONDS`].
#[derive(Clone, Debug, Default)]
pub(crate) struct AskedPayments(Arc<Mutex<HashMap<String, Asked>>>);

/// A question and, once it has come, its answer: where the payment can be paid, or `None` inside
/// when the provider failed.
#[derive(Clone, Debug)]
struct Asked {
    at: i64,
    answer: Arc<OnceCell<Option<Option<String>>>>,
}

impl AskedPayments {
    /// The answer about the payment with this id: the one of a moment ago if there is one, else
    /// that of `ask`, for which everybody waits who asks meanwhile.
    ///
    /// # Errors
    /// Those of `ask`; for those who waited for it, that it failed.
    pub(crate) async fn once(
        &self,
        id: &str,
        now: i64,
        ask: impl Future<Output = Result<Option<String>, Error>>,
    ) -> Result<Option<String>, Error> {
        let answer = self.entry(id, now);
        let mut failure = None;
        let answered = answer
            .get_or_init(|| async {
                match ask.await {
                    Ok(url) => Some(url),
                    Err(error) => {
                        failure = Some(error);
                        None
                    }
                }
            })
            .await;
        match (answered, failure) {
            (Some(url), _) => Ok(url.clone()),
            (None, Some(error)) => {
                // The next click may fare better.
                self.lock().remove(id);
                Err(error)
            }
            (None, None) => Err(Error::TaskFailed),
        }
    }

    fn entry(&self, id: &str, now: i64) -> Arc<OnceCell<Option<Option<String>>>> {
        let mut asked = self.lock();
        // A clock that was set back makes none of them last.
        asked.retain(|_, asked| (0..FRESH_SECONDS).contains(&now.saturating_sub(asked.at)));
        let asked = asked.entry(id.to_owned()).or_insert_with(|| Asked {
            at: now,
            answer: Arc::default(),
        });
        asked.answer.clone()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Asked>> {
        // What a panicking thread left behind are whole entries.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::task::JoinSet;

    use super::*;

    #[tokio::test]
    async fn payment_status_is_requested_once_in_five_seconds() {
        let asked = AskedPayments::default();
        let questions = AtomicU32::new(0);
        let ask = async |id: &str, now| {
            let question = async {
                questions.fetch_add(1, Ordering::Relaxed);
                Ok(Some("https://pay.example".to_owned()))
            };
            asked.once(id, now, question).await.unwrap()
        };
        for (id, now, expected) in [
            ("a", 100, 1),
            ("a", 104, 1),
            ("b", 104, 2),
            ("a", 105, 3),
            ("a", 109, 3),
            // The clock was set back.
            ("a", 50, 4),
        ] {
            assert_eq!(ask(id, now).await.as_deref(), Some("https://pay.example"));
            assert_eq!(questions.load(Ordering::Relaxed), expected, "{id} at {now}");
        }
        assert_eq!(asked.lock().len(), 1, "old answers are forgotten");
    }

    #[tokio::test]
    async fn concurrent_status_requests_are_one() {
        let asked = AskedPayments::default();
        let questions = Arc::new(AtomicU32::new(0));
        let mut clicks = JoinSet::new();
        for _ in 0..50 {
            let (asked, questions) = (asked.clone(), questions.clone());
            clicks.spawn(async move {
                let question = async {
                    questions.fetch_add(1, Ordering::Relaxed);
                    tokio::task::yield_now().await;
                    Ok(None)
                };
                asked.once("a", 100, question).await.unwrap()
            });
        }
        assert_eq!(clicks.join_all().await, vec![None; 50]);
        assert_eq!(questions.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn failed_status_request_is_repeated() {
        let asked = AskedPayments::default();
        let failed = asked.once("a", 100, async { Err(Error::TaskFailed) }).await;
        assert!(failed.is_err());
        let answer = asked.once("a", 100, async { Ok(None) }).await;
        assert_eq!(answer.unwrap(), None);
    }
}
