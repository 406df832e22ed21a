use domain::money::{Currency, Money};
use domain::order::{OrderStatus, RefundError, RefundLine, RefundSource, RefundStatus};
use shop::refunds::{IssueError, Issued, issue, new_id};
use tokio::task::JoinSet;

use crate::admin_actions::decision;
use crate::test_shop::TestShop;

const VISA: &str = "4242424242424242";
const REFUND_IS_PENDING: &str = "4000000000007726";
const REFUND_FAILS: &str = "4000000000005126";

const ONE_SALE: [&str; 2] = ["new_order", "receipt"];

#[tokio::test]
async fn refund_that_its_own_events_report_again_is_counted_once() {
    let test = TestShop::open().await;
    let admin = test.admin().await;
    let order = test.paid_with("low-a4.1", VISA).await;
    let answer = test.refund(&admin, &order, 900).await.unwrap();
    assert_eq!(answer, Issued::Taken(RefundStatus::Succeeded));
    for event in test.all_events().await {
        test.deliver(&event).await;
    }
    let order = test.again(&order).await;
    assert_eq!(order.refunds.len(), 1);
    assert_eq!(
        (order.status, order.refunded().amount()),
        (OrderStatus::PartiallyRefunded, 900)
    );
    assert_eq!(
        test.emails(&order).await,
        ["new_order", "receipt", "refund"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn refund_whose_events_race_the_answer_is_counted_once() {
    let test = TestShop::open().await;
    let admin = test.admin().await;
    let order = test.paid_with("low-a4.1", VISA).await;
    let id = new_id();
    let csrf = test.csrf(&admin, &order).await;
    let mut deliveries = JoinSet::new();
    for _ in 0..4 {
        let answer = issue(&test.shop, &csrf, &decision(id.clone(), 900)).await;
        assert_eq!(answer.unwrap(), Issued::Taken(RefundStatus::Succeeded));
        for event in test.all_events().await {
            let shop = test.shop.clone();
            deliveries.spawn(async move { shop::webhooks::receive(&shop, &event).await });
        }
    }
    for answer in deliveries.join_all().await {
        answer.unwrap();
    }
    let order = test.again(&order).await;
    assert_eq!(order.refunds.len(), 1);
    assert_eq!(test.refunds_at_stripe(&order).await.len(), 1);
    assert_eq!(
        test.emails(&order).await,
        ["new_order", "receipt", "refund"]
    );
}

#[tokio::test]
async fn refund_made_in_the_dashboard_arrives() {
    for kind in ["refund.created", "charge.refunded"] {
        let test = TestShop::open().await;
        let order = test.paid_with("low-a4.1", VISA).await;
        test.refund_in_dashboard(&order, 1000).await;
        test.tell(kind).await;
        let seen = test.again(&order).await;
        assert_eq!(seen.status, OrderStatus::PartiallyRefunded, "{kind}");
        assert_eq!(seen.refunds[0].source, RefundSource::Dashboard);
        assert_eq!(
            (seen.refunded().amount(), seen.refundable().amount()),
            (1000, 1400)
        );

        test.refund_in_dashboard(&order, 1400).await;
        test.tell(kind).await;
        let seen = test.again(&order).await;
        assert_eq!(
            (seen.status, seen.refunds.len()),
            (OrderStatus::Refunded, 2)
        );
        assert_eq!(
            test.emails(&order).await,
            ["new_order", "receipt", "refund", "refund"]
        );
    }
}

#[tokio::test]
async fn two_refunds_never_give_back_more_than_was_paid() {
    let test = TestShop::open().await;
    let admin = test.admin().await;
    let order = test.paid_with("low-a4.1", VISA).await;
    test.refund(&admin, &order, 1400).await.unwrap();
    let refused = test.refund(&admin, &order, 1400).await.unwrap_err();
    let IssueError::NotAllowed(RefundError::TooMuch { left }) = &refused else {
        panic!("{refused:?}");
    };
    assert_eq!(*left, Money::new(1000, Currency::USD));
    assert_eq!(
        refused.to_string(),
        "That is more than the $10.00 that can still be refunded."
    );
    test.refund(&admin, &order, 1000).await.unwrap();
    let refused = test.refund(&admin, &order, 1).await.unwrap_err();
    assert!(
        matches!(refused, IssueError::NotAllowed(RefundError::NothingLeft)),
        "{refused:?}"
    );
    let order = test.again(&order).await;
    assert_eq!(order.status, OrderStatus::Refunded);
    assert_eq!(test.refunds_at_stripe(&order).await.len(), 2);
}

#[tokio::test]
async fn dashboard_refund_without_an_event_is_not_refunded_again() {
    let test = TestShop::open().await;
    let admin = test.admin().await;
    let order = test.paid_with("low-a4.1", VISA).await;
    test.refund_in_dashboard(&order, 2000).await;
    let answer = test.refund(&admin, &order, 1000).await.unwrap();
    assert!(matches!(answer, Issued::Refused(_)), "{answer:?}");
    let seen = test.again(&order).await;
    assert_eq!(
        (seen.refunded().amount(), seen.refundable().amount()),
        (2000, 400),
        "Stripe was asked what it had given back"
    );
    let answer = test.refund(&admin, &order, 400).await.unwrap();
    assert_eq!(answer, Issued::Taken(RefundStatus::Succeeded));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_refunds_at_once_never_give_back_more_than_is_left() {
    let test = TestShop::open().await;
    let admin = test.admin().await;
    let order = test.paid_with("low-a4.1", VISA).await;
    let mut clicks = JoinSet::new();
    for _ in 0..20 {
        let (shop, csrf) = (test.shop.clone(), test.csrf(&admin, &order).await);
        clicks.spawn(async move { issue(&shop, &csrf, &decision(new_id(), 700)).await });
    }
    let (taken, refused): (Vec<_>, Vec<_>) =
        clicks.join_all().await.into_iter().partition(Result::is_ok);
    assert_eq!(taken.len(), 3, "{taken:?}");
    assert!(
        refused.iter().all(|answer| matches!(
            answer,
            Err(IssueError::NotAllowed(RefundError::TooMuch { .. }))
        )),
        "{refused:?}"
    );
    test.refund(&admin, &order, 300).await.unwrap();
    let order = test.again(&order).await;
    assert_eq!(
        (order.status, order.refundable().amount()),
        (OrderStatus::Refunded, 0)
    );
    let at_stripe = test.refunds_at_stripe(&order).await;
    assert_eq!(
        at_stripe.iter().map(|(amount, _)| amount).sum::<i64>(),
        2400
    );
}

#[tokio::test]
async fn pending_refund_that_fails_is_never_announced_as_refunded() {
    let test = TestShop::open().await;
    let admin = test.admin().await;
    let order = test.paid_with("low-a4.1", REFUND_IS_PENDING).await;
    let answer = test.refund(&admin, &order, 2400).await.unwrap();
    assert_eq!(answer, Issued::Taken(RefundStatus::Pending));
    let pending = test.again(&order).await;
    assert_eq!(
        (pending.status, pending.refundable().amount()),
        (OrderStatus::Paid, 0)
    );
    assert_eq!(test.emails(&order).await, ONE_SALE);

    let id = pending.refunds[0].stripe_id.clone().unwrap();
    test.control(&format!("/sandbox/refunds/{id}/fail"), &[])
        .await;
    for event in test.all_events().await {
        test.deliver(&event).await;
    }
    let failed = test.again(&order).await;
    assert_eq!(failed.refunds[0].status, RefundStatus::Failed);
    assert_eq!(
        (failed.status, failed.refundable().amount()),
        (OrderStatus::Paid, 2400),
        "it can be given back again"
    );
    assert_eq!(
        test.emails(&order).await,
        ["new_order", "receipt", "refund_failed"]
    );
}

#[tokio::test]
async fn refund_that_comes_back_gives_its_amount_back_in_any_order_of_its_events() {
    for is_backwards in [false, true] {
        let test = TestShop::open().await;
        let admin = test.admin().await;
        let order = test.paid_with("low-a4.1", REFUND_FAILS).await;
        test.refund(&admin, &order, 2400).await.unwrap();
        assert_eq!(test.again(&order).await.status, OrderStatus::Refunded);
        test.pass(61).await;
        let mut events = test.all_events().await;
        if is_backwards {
            events.reverse();
        }
        for event in &events {
            test.deliver(event).await;
        }
        let failed = test.again(&order).await;
        assert_eq!(
            (failed.status, failed.refundable().amount()),
            (OrderStatus::Paid, 2400)
        );
        assert_eq!(
            test.emails(&order).await,
            ["new_order", "receipt", "refund", "refund_failed"]
        );
    }
}

#[tokio::test]
async fn refund_whose_answer_was_lost_is_made_once_by_a_second_click() {
    let test = TestShop::open().await;
    let admin = test.admin().await;
    let order = test.paid_with("low-a4.1", VISA).await;
    let request = decision(new_id(), 2400);
    let csrf = test.csrf(&admin, &order).await;
    let shop = test.with_stripe_at(test.sandbox.base_url()).await;
    test.control("/sandbox/faults", &[("api_lose_answer", "100")])
        .await;
    let answer = issue(&shop, &csrf, &request).await.unwrap();
    assert_eq!(answer, Issued::Queued);
    let waiting = test.again(&order).await;
    assert_eq!(waiting.refunds[0].status, RefundStatus::Requested);
    assert_eq!(
        waiting.refundable().amount(),
        0,
        "it may be on its way already"
    );
    test.control("/sandbox/faults", &[("reset", "true")]).await;
    for _ in 0..2 {
        let answer = issue(&shop, &csrf, &request).await.unwrap();
        assert_eq!(answer, Issued::Taken(RefundStatus::Succeeded));
    }
    let order = test.again(&order).await;
    assert_eq!(
        (order.status, order.refunds.len()),
        (OrderStatus::Refunded, 1)
    );
    assert_eq!(
        test.refunds_at_stripe(&order).await,
        [(2400, "succeeded".to_owned())]
    );
    assert_eq!(
        test.emails(&order).await,
        ["new_order", "receipt", "refund"]
    );
}

#[tokio::test]
async fn pieces_that_come_back_lie_on_the_stock_once() {
    let test = TestShop::open().await;
    let admin = test.admin().await;
    let order = test.paid_with("low-a4.3", VISA).await;
    let csrf = test.csrf(&admin, &order).await;
    let mut request = decision(new_id(), 0);
    request.amount = None;
    request.lines = vec![RefundLine {
        variant: order.lines[0].variant.clone(),
        quantity: 2,
        restocked: 1,
    }];
    for _ in 0..2 {
        issue(&test.shop, &csrf, &request).await.unwrap();
    }
    for event in test.all_events().await {
        test.deliver(&event).await;
    }
    let order = test.again(&order).await;
    assert_eq!(order.refunded().amount(), 4800);
    assert_eq!(
        (test.on_hand("low-a4").await, test.held("low-a4").await),
        (8, 0)
    );
}
