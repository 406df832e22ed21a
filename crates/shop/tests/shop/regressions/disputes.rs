use domain::order::{DisputeFunds, DisputeStatus, OrderStatus, RefundError, RefundStatus};
use shop::refunds::{IssueError, Issued};

use crate::test_shop::{TestShop, cart};

const VISA: &str = "4242424242424242";
const IS_DISPUTED: &str = "4000000000000259";

#[tokio::test]
async fn dispute_that_is_closed_before_it_is_opened_is_closed() {
    let test = TestShop::open().await;
    let order = test.paid_with("low-a4.1", VISA).await;
    let dispute = test.charge_back(&order).await;
    test.control(&format!("/sandbox/disputes/{dispute}/lose"), &[])
        .await;
    let mut events = test.all_events().await;
    events.reverse();
    for event in &events {
        test.deliver(event).await;
    }
    let order = test.again(&order).await;
    assert_eq!(order.disputes.len(), 1);
    assert_eq!(
        (order.disputes[0].status, order.disputes[0].funds),
        (DisputeStatus::Lost, DisputeFunds::Withdrawn)
    );
    assert_eq!(
        test.emails(&order).await,
        ["dispute_closed", "new_order", "receipt"],
        "nobody has to answer any more"
    );
}

#[tokio::test]
async fn dispute_that_arrives_before_the_payment_is_kept_for_it() {
    let test = TestShop::open().await;
    let (order, url) = test.order(&cart("low-a4.1")).await;
    test.pay_with(&url, IS_DISPUTED).await;
    test.tell("charge.dispute.created").await;
    test.tell("charge.dispute.funds_withdrawn").await;
    let before = test.again(&order).await;
    assert_eq!(
        (before.status, before.disputes.len()),
        (OrderStatus::Pending, 0)
    );
    test.tell("checkout.session.completed").await;
    let order = test.again(&order).await;
    assert_eq!((order.status, order.disputes.len()), (OrderStatus::Paid, 1));
    let dispute = &order.disputes[0];
    assert_eq!(
        (
            dispute.status,
            dispute.funds,
            dispute.reason.as_str(),
            dispute.amount.amount()
        ),
        (
            DisputeStatus::NeedsResponse,
            DisputeFunds::Withdrawn,
            "fraudulent",
            2400
        )
    );
    assert!(dispute.due_by.is_some());
    assert_eq!(
        test.emails(&order).await,
        ["dispute", "new_order", "receipt"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn dispute_that_comes_at_the_same_moment_as_its_payment_finds_it() {
    let test = TestShop::open().await;
    for _ in 0..5 {
        let (order, url) = test.order(&cart("low-a4.1")).await;
        test.pay_with(&url, IS_DISPUTED).await;
        let disputes = test.ask_stripe("/v1/disputes?limit=1").await;
        let dispute = disputes["data"][0]["id"].as_str().unwrap();
        test.control(&format!("/sandbox/disputes/{dispute}/lose"), &[])
            .await;
        let mut arrivals = tokio::task::JoinSet::new();
        for event in test.all_events().await {
            let shop = test.shop.clone();
            arrivals.spawn(async move { shop::webhooks::receive(&shop, &event).await });
        }
        for arrival in arrivals.join_all().await {
            arrival.unwrap();
        }
        let order = test.again(&order).await;
        assert_eq!((order.status, order.disputes.len()), (OrderStatus::Paid, 1));
        assert_eq!(
            (order.disputes[0].status, order.disputes[0].funds),
            (DisputeStatus::Lost, DisputeFunds::Withdrawn)
        );
        let emails = test.emails(&order).await;
        assert!(emails.contains(&"dispute_closed".to_owned()), "{emails:?}");
    }
}

#[tokio::test]
async fn dispute_that_was_lost_and_then_won_is_won() {
    for is_backwards in [false, true] {
        let test = TestShop::open().await;
        let order = test.paid_with("low-a4.1", VISA).await;
        let dispute = test.charge_back(&order).await;
        for decision in ["lose", "win"] {
            // Stripe takes its time, and its events tell it in seconds.
            test.pass(60).await;
            test.control(&format!("/sandbox/disputes/{dispute}/{decision}"), &[])
                .await;
        }
        let mut events = test.all_events().await;
        if is_backwards {
            events.reverse();
        }
        for event in &events {
            test.deliver(event).await;
        }
        let order = test.again(&order).await;
        assert_eq!(
            (order.disputes[0].status, order.disputes[0].funds),
            (DisputeStatus::Won, DisputeFunds::Reinstated)
        );
        let emails: &[&str] = if is_backwards {
            &["dispute_closed", "new_order", "receipt"]
        } else {
            &[
                "dispute",
                "dispute_closed",
                "dispute_closed",
                "new_order",
                "receipt",
            ]
        };
        assert_eq!(test.emails(&order).await, emails);
    }
}

#[tokio::test]
async fn disputed_payment_is_not_refunded_until_the_dispute_is_won() {
    let test = TestShop::open().await;
    let admin = test.admin().await;
    let order = test.paid_with("low-a4.1", VISA).await;
    let dispute = test.charge_back(&order).await;
    for event in test.all_events().await {
        test.deliver(&event).await;
    }
    let before = test.again(&order).await;
    let refused = test.refund(&admin, &order, 2400).await.unwrap_err();
    assert!(
        matches!(
            refused,
            IssueError::NotAllowed(RefundError::Disputed { .. })
        ),
        "{refused:?}"
    );
    let why = refused.to_string();
    assert!(why.contains("product not received"), "{why}");
    assert_eq!(test.again(&order).await, before);
    assert!(test.refunds_at_stripe(&order).await.is_empty());

    test.control(&format!("/sandbox/disputes/{dispute}/win"), &[])
        .await;
    for event in test.all_events().await {
        test.deliver(&event).await;
    }
    let answer = test.refund(&admin, &order, 2400).await.unwrap();
    assert_eq!(answer, Issued::Taken(RefundStatus::Succeeded));
}

#[tokio::test]
async fn refund_of_a_payment_whose_dispute_is_not_heard_of_yet_is_refused_by_stripe() {
    let test = TestShop::open().await;
    let admin = test.admin().await;
    let order = test.paid_with("low-a4.1", VISA).await;
    test.charge_back(&order).await;
    let answer = test.refund(&admin, &order, 2400).await.unwrap();
    assert_eq!(answer, Issued::Refused("charge_disputed".to_owned()));
    let order = test.again(&order).await;
    assert_eq!(
        (order.status, order.refundable().amount()),
        (OrderStatus::Paid, 2400)
    );
    assert_eq!(
        test.emails(&order).await,
        ["new_order", "receipt", "refund_failed"]
    );
}
