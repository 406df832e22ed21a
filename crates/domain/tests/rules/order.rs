use domain::id::{OrderId, OrderToken, PaymentId, RefundId, VariantId};
use domain::money::{Currency, Money};
use domain::order::{
    Dispute, DisputeFunds, DisputeStatus, EarlyFraudWarning, Effect, Flag, Mode, Notification,
    Order, OrderAmounts, OrderFact, OrderLine, OrderStatus, Payment, PaymentFact, PaymentReport,
    PaymentState, Provider, RefundError, RefundFact, RefundLine, RefundReason, RefundRequest,
    RefundSource, RefundStatus, Resolution, ResolutionError, ShipmentBlock, StockMove, StockState,
};
use proptest::prelude::*;

const NOW: i64 = 1_000;
const TOTAL: i64 = 2400;

fn usd(amount: i64) -> Money {
    Money::new(amount, Currency::USD)
}

pub(crate) fn pending() -> Order {
    Order {
        id: OrderId::parse("order-1").unwrap(),
        number: 1001,
        token: OrderToken::parse("token").unwrap(),
        status: OrderStatus::Pending,
        stock: StockState::Held,
        flag: None,
        total: usd(TOTAL),
        amounts: OrderAmounts::of_lines(usd(TOTAL)),
        details: None,
        email: None,
        created_at: 0,
        paid_at: None,
        parcels: Vec::new(),
        lines: vec![OrderLine {
            variant: variant(),
            sku: "LOW-A4".to_owned(),
            title: "Low Water".to_owned(),
            options: String::new(),
            image: String::new(),
            unit_price: usd(800),
            quantity: 3,
            discount: usd(0),
            tax: usd(0),
            paid: usd(2400),
            kind: domain::catalog::ProductKind::Shipped,
        }],
        payments: vec![Payment {
            id: payment_id(),
            provider: Provider::StripeCheckout,
            mode: Mode::Test,
            account: None,
            reference: Some("cs_1".to_owned()),
            payment_reference: None,
            state: PaymentState::Open,
            amount: usd(TOTAL),
            captured: None,
            expires_at: 1800,
            attempt: 1,
        }],
        refunds: Vec::new(),
        disputes: Vec::new(),
        early_fraud_warnings: Vec::new(),
    }
}

fn payment_id() -> PaymentId {
    PaymentId::parse("payment-1").unwrap()
}

fn of_payment(fact: PaymentFact) -> OrderFact {
    OrderFact::Payment(payment_id(), fact)
}

pub(crate) fn variant() -> VariantId {
    VariantId::parse("low-a4").unwrap()
}

fn report(amount: i64, currency: &str) -> PaymentReport {
    PaymentReport {
        total: Money::new(amount, Currency::parse(currency).unwrap()),
        payment_reference: Some("pi_1".to_owned()),
        email: Some("ada@example.com".to_owned()),
    }
}

fn paid_fact() -> OrderFact {
    of_payment(PaymentFact::Captured(report(TOTAL, "usd")))
}

pub(crate) fn paid() -> Order {
    let mut order = pending();
    order.apply(&paid_fact(), NOW);
    order
}

fn refund_id(text: &str) -> RefundId {
    RefundId::parse(text).unwrap()
}

pub(crate) fn refund_fact(
    stripe_id: &str,
    ours: Option<&str>,
    amount: i64,
    status: RefundStatus,
) -> OrderFact {
    OrderFact::Refund(RefundFact {
        stripe_id: stripe_id.to_owned(),
        refund_id: ours.map(refund_id),
        amount: usd(amount),
        status,
        reason: None,
        failure: None,
        created_at: NOW,
    })
}

pub(crate) fn wanted(id: &str, amount: Option<i64>, lines: &[(u32, u32)]) -> RefundRequest {
    RefundRequest {
        id: refund_id(id),
        amount: amount.map(usd),
        lines: lines
            .iter()
            .map(|&(quantity, restocked)| RefundLine {
                variant: variant(),
                quantity,
                restocked,
            })
            .collect(),
        with_shipping: false,
        source: RefundSource::Admin,
        reason: Some(RefundReason::RequestedByCustomer),
        note: None,
    }
}

fn dispute(status: DisputeStatus, told_at: i64) -> Dispute {
    Dispute {
        id: "du_1".to_owned(),
        amount: usd(TOTAL),
        status,
        reason: "fraudulent".to_owned(),
        due_by: Some(9_000),
        funds: DisputeFunds::Kept,
        is_charge_refundable: true,
        is_appealed: status.is_appeal(),
        opened_at: NOW,
        told_at,
    }
}

fn warning(is_actionable: bool, reported_at: i64) -> EarlyFraudWarning {
    EarlyFraudWarning {
        id: "issfr_1".to_owned(),
        fraud_type: "made_with_stolen_card".to_owned(),
        is_actionable,
        created_at: NOW,
        reported_at,
    }
}

/// Does what the use-case does with a fact, with a shelf that has enough for what was released, or
/// nothing.
fn carry_out(order: &mut Order, fact: &OrderFact, is_in_stock: bool) -> Vec<Effect> {
    let effects = order.apply(fact, NOW);
    if !is_in_stock && effects.contains(&Effect::Stock(StockMove::SellReleased)) {
        return order.apply(&OrderFact::GoodsGone, NOW);
    }
    effects
}

fn session_facts() -> impl Strategy<Value = OrderFact> {
    prop_oneof![
        Just(paid_fact()),
        Just(of_payment(PaymentFact::Processing(report(TOTAL, "usd")))),
        Just(paid_fact()),
        Just(of_payment(PaymentFact::Failed)),
        Just(of_payment(PaymentFact::Expired)),
    ]
}

fn refund_facts() -> impl Strategy<Value = OrderFact> {
    let status = prop_oneof![
        Just(RefundStatus::Pending),
        Just(RefundStatus::Succeeded),
        Just(RefundStatus::Failed),
    ];
    // A refund keeps its amount whatever else is told about it.
    (0_usize..3, status).prop_map(|(which, status)| {
        let (id, amount) = [("re_1", 400), ("re_2", 1_000), ("re_3", 1_000)][which];
        refund_fact(id, None, amount, status)
    })
}

fn dispute_facts() -> impl Strategy<Value = OrderFact> {
    let status = prop::sample::select(DisputeStatus::ALL.to_vec());
    let funds = prop::sample::select(vec![
        DisputeFunds::Kept,
        DisputeFunds::Withdrawn,
        DisputeFunds::Reinstated,
    ]);
    (status, 0_i64..4, funds).prop_map(|(status, told_at, funds)| {
        OrderFact::Dispute(Dispute {
            funds,
            ..dispute(status, told_at)
        })
    })
}

fn warning_facts() -> impl Strategy<Value = OrderFact> {
    // It is closed once, after it was made.
    (0_i64..4)
        .prop_map(|reported_at| OrderFact::EarlyFraudWarning(warning(reported_at < 2, reported_at)))
}

fn facts() -> impl Strategy<Value = Vec<OrderFact>> {
    let fact = prop_oneof![
        session_facts(),
        refund_facts(),
        dispute_facts(),
        warning_facts()
    ];
    prop::collection::vec(fact, 0..16)
}

/// The outcomes of one history, in every order in which its facts can arrive.
fn shuffled(
    history: impl Strategy<Value = Vec<OrderFact>>,
) -> impl Strategy<Value = (Vec<OrderFact>, Vec<OrderFact>)> {
    history.prop_flat_map(|facts| {
        let doubled: Vec<_> = facts.iter().chain(&facts).cloned().collect();
        (Just(facts), Just(doubled).prop_shuffle())
    })
}

/// A payment that succeeds at once or later, with refunds and a dispute.
fn history() -> impl Strategy<Value = Vec<OrderFact>> {
    let payment = prop_oneof![
        Just(vec![paid_fact()]),
        Just(vec![
            of_payment(PaymentFact::Processing(report(TOTAL, "usd"))),
            paid_fact(),
        ]),
        Just(vec![of_payment(PaymentFact::Expired), paid_fact()]),
    ];
    let refunds = prop::collection::vec(refund_facts(), 0..5);
    let disputes = prop::collection::vec(dispute_facts(), 0..5);
    let warnings = prop::collection::vec(warning_facts(), 0..4);
    (payment, refunds, disputes, warnings).prop_map(|(mut facts, refunds, disputes, warnings)| {
        facts.extend(refunds);
        facts.extend(disputes);
        facts.extend(warnings);
        facts
    })
}

/// The state that has to be the same whatever the order of arrival was. The order of the lists is
/// not part of it.
fn state(order: &Order) -> Order {
    let mut order = order.clone();
    order.refunds.sort_by_key(|refund| refund.id.to_string());
    order.disputes.sort_by_key(|dispute| dispute.id.clone());
    order
}

#[test]
fn payment_of_the_orders_amount_pays_it_sells_what_is_held_and_tells_both() {
    let mut order = pending();
    assert_eq!(
        order.apply(&paid_fact(), NOW),
        [
            Effect::Stock(StockMove::Sell),
            Effect::Notify(Notification::Receipt),
            Effect::Notify(Notification::NewOrder),
        ]
    );
    assert_eq!(order.status, OrderStatus::Paid);
    assert_eq!(order.paid_at, Some(NOW));
    assert_eq!(order.payments[0].payment_reference.as_deref(), Some("pi_1"));
}

#[test]
fn another_amount_or_currency_flags_the_order_instead() {
    for other in [
        report(TOTAL - 1, "usd"),
        report(TOTAL + 1, "usd"),
        report(TOTAL, "eur"),
    ] {
        let mut order = pending();
        let effects = order.apply(&of_payment(PaymentFact::Captured(other)), NOW);
        assert_eq!(effects, [Effect::Notify(Notification::NeedsReview)]);
        assert_eq!(order.status, OrderStatus::Processing);
        assert_eq!(order.flag, Some(Flag::AmountMismatch));
        assert!(
            order
                .apply(&of_payment(PaymentFact::Expired), NOW)
                .is_empty()
        );
        assert_eq!(order.stock, StockState::Held, "there is money in it");
    }
}

#[test]
fn payment_after_expiry_takes_the_goods_from_the_stock_again() {
    let mut order = pending();
    order.apply(&of_payment(PaymentFact::Expired), NOW);
    let effects = order.apply(&paid_fact(), NOW);
    assert_eq!(effects[0], Effect::Stock(StockMove::SellReleased));
    assert_eq!(order.status, OrderStatus::Paid);
}

#[test]
fn payment_whose_goods_are_gone_goes_back_by_itself_once() {
    let mut order = pending();
    order.apply(&of_payment(PaymentFact::Expired), NOW);
    let effects = carry_out(&mut order, &paid_fact(), false);
    let id = RefundId::of_late_payment(&order.id);
    assert_eq!(
        effects,
        [
            Effect::SendRefund(id.clone()),
            Effect::Notify(Notification::LatePayment)
        ]
    );
    assert_eq!(order.flag, Some(Flag::OutOfStock));
    assert!(order.apply(&OrderFact::GoodsGone, NOW).is_empty());
    assert_eq!(order.refunds.len(), 1);

    order.apply(
        &refund_fact("re_1", Some(id.as_str()), TOTAL, RefundStatus::Succeeded),
        NOW,
    );
    assert_eq!(order.status, OrderStatus::Refunded);
    assert_eq!(order.flag, None);
}

#[test]
fn refund_that_fails_later_gives_the_amount_back_and_tells_the_admin() {
    let mut order = paid();
    order.apply(
        &refund_fact("re_1", None, 900, RefundStatus::Succeeded),
        NOW,
    );
    assert_eq!(order.status, OrderStatus::PartiallyRefunded);
    assert_eq!(order.refundable(), usd(TOTAL - 900));
    let effects = order.apply(&refund_fact("re_1", None, 900, RefundStatus::Failed), NOW);
    let id = order.refunds[0].id.clone();
    assert_eq!(effects, [Effect::Notify(Notification::RefundFailed(id))]);
    assert_eq!(order.status, OrderStatus::Paid);
    assert_eq!(order.refundable(), usd(TOTAL));
}

#[test]
fn pending_refund_is_not_announced_but_counts_against_what_is_left() {
    let mut order = paid();
    let effects = order.apply(
        &refund_fact("re_1", None, TOTAL, RefundStatus::Pending),
        NOW,
    );
    assert!(effects.is_empty());
    assert_eq!(order.status, OrderStatus::Paid);
    assert_eq!(
        order.request_refund(wanted("a", None, &[]), NOW),
        Err(RefundError::NothingLeft)
    );
}

#[test]
fn repeated_decision_is_one_refund_whoever_reports_it_first() {
    let mut order = paid();
    let first = order.request_refund(wanted("a", Some(500), &[]), NOW);
    assert_eq!(first, Ok(vec![Effect::SendRefund(refund_id("a"))]));
    let second = order.request_refund(wanted("a", Some(500), &[]), NOW);
    assert_eq!(second, Ok(Vec::new()));
    for _ in 0..2 {
        order.apply(
            &refund_fact("re_1", Some("a"), 500, RefundStatus::Succeeded),
            NOW,
        );
    }
    assert_eq!(order.refunds.len(), 1);
    assert_eq!(order.refunded(), usd(500));
}

#[test]
fn more_than_what_is_left_cannot_be_refunded_in_any_number_of_steps() {
    let mut order = paid();
    order
        .request_refund(wanted("a", Some(2_000), &[]), NOW)
        .unwrap();
    assert_eq!(
        order.request_refund(wanted("b", Some(401), &[]), NOW),
        Err(RefundError::TooMuch { left: usd(400) })
    );
    order
        .request_refund(wanted("b", Some(400), &[]), NOW)
        .unwrap();
    assert_eq!(
        order.request_refund(wanted("c", Some(1), &[]), NOW),
        Err(RefundError::NothingLeft)
    );
}

#[test]
fn refund_of_zero_or_less_is_refused() {
    for amount in [0, -1, i64::MIN] {
        assert_eq!(
            paid().request_refund(wanted("a", Some(amount), &[]), NOW),
            Err(RefundError::NotPositive)
        );
    }
    assert_eq!(
        pending().request_refund(wanted("a", None, &[]), NOW),
        Err(RefundError::NotPaid)
    );
}

#[test]
fn refund_by_line_costs_what_its_pieces_cost_and_puts_them_back_once_stripe_has_it() {
    let mut order = paid();
    order
        .request_refund(wanted("a", None, &[(2, 1)]), NOW)
        .unwrap();
    assert_eq!(order.refunds[0].amount, usd(1_600));
    assert_eq!(
        order.request_refund(wanted("b", None, &[(2, 0)]), NOW),
        Err(RefundError::TooManyPieces {
            sku: "LOW-A4".to_owned(),
            left: 1
        })
    );
    let fact = refund_fact("re_1", Some("a"), 1_600, RefundStatus::Succeeded);
    let effects = order.apply(&fact, NOW);
    assert!(effects.contains(&Effect::Restock(vec![(variant(), 1)])));
    assert!(order.apply(&fact, NOW).is_empty());
}

#[test]
fn pieces_that_a_failed_refund_put_back_are_not_put_back_again() {
    let mut order = paid();
    order
        .request_refund(wanted("a", None, &[(3, 3)]), NOW)
        .unwrap();
    order.apply(
        &refund_fact("re_1", Some("a"), TOTAL, RefundStatus::Failed),
        NOW,
    );
    order
        .request_refund(wanted("b", None, &[(3, 3)]), NOW)
        .unwrap();
    assert_eq!(order.refunds[1].restocked().count(), 0);
}

#[test]
fn refund_that_stripe_refuses_moves_nothing() {
    let mut order = paid();
    order.request_refund(wanted("a", None, &[]), NOW).unwrap();
    let refused = OrderFact::RefundRefused {
        id: refund_id("a"),
        why: "charge_disputed".to_owned(),
    };
    let effects = order.apply(&refused, NOW);
    assert_eq!(
        effects,
        [Effect::Notify(Notification::RefundFailed(refund_id("a")))]
    );
    assert_eq!(order.refundable(), usd(TOTAL));
    assert!(order.apply(&refused, NOW).is_empty());
}

#[test]
fn disputed_payment_is_not_refunded_until_the_dispute_is_won() {
    let mut order = paid();
    order.apply(
        &OrderFact::Dispute(dispute(DisputeStatus::NeedsResponse, 1)),
        NOW,
    );
    for status in [DisputeStatus::NeedsResponse, DisputeStatus::Lost] {
        order.apply(&OrderFact::Dispute(dispute(status, 2)), NOW);
        assert_eq!(
            order.request_refund(wanted("a", None, &[]), NOW),
            Err(RefundError::Disputed {
                reason: "fraudulent".to_owned()
            })
        );
    }
    order.apply(&OrderFact::Dispute(dispute(DisputeStatus::Won, 3)), NOW);
    assert!(order.request_refund(wanted("a", None, &[]), NOW).is_ok());
}

#[test]
fn inquiry_leaves_the_payment_refundable() {
    let mut order = paid();
    order.apply(
        &OrderFact::Dispute(dispute(DisputeStatus::WarningNeedsResponse, 1)),
        NOW,
    );
    assert!(order.request_refund(wanted("a", None, &[]), NOW).is_ok());
}

#[test]
fn every_word_in_the_database_is_read_as_it_was_written() {
    for status in OrderStatus::ALL {
        assert_eq!(OrderStatus::parse(status.as_str()), Some(status));
    }
    for flag in Flag::ALL {
        assert_eq!(Flag::parse(flag.as_str()), Some(flag));
    }
    for status in RefundStatus::ALL {
        assert_eq!(RefundStatus::parse(status.as_str()), Some(status));
    }
    for status in DisputeStatus::ALL {
        assert_eq!(DisputeStatus::parse(status.as_str()), status);
    }
    assert_eq!(OrderStatus::parse("Paid"), None);
}

fn flagged(fact: PaymentFact) -> Order {
    let mut order = pending();
    order.apply(&of_payment(fact), NOW);
    order
}

fn mismatched() -> Order {
    flagged(PaymentFact::Captured(report(TOTAL + 100, "usd")))
}

#[test]
fn status_is_the_fold_of_the_payments() {
    let mut order = pending();
    order.apply(&of_payment(PaymentFact::Expired), NOW);
    assert_eq!(order.status, OrderStatus::Expired);
    let second = PaymentId::parse("payment-2").unwrap();
    order.payments.push(Payment {
        id: second.clone(),
        ..order.payments[0].clone()
    });
    let processing = PaymentFact::Processing(report(TOTAL, "usd"));
    order.payments[1].state = PaymentState::Open;
    order.apply(&OrderFact::Payment(second.clone(), processing), NOW);
    assert_eq!(order.status, OrderStatus::Processing);
    let captured = PaymentFact::Captured(report(TOTAL, "usd"));
    order.apply(&OrderFact::Payment(second, captured), NOW);
    assert_eq!(order.status, OrderStatus::Paid);
    assert_eq!(order.captured(), usd(TOTAL));
}

#[test]
fn failed_payment_releases_nothing_while_another_is_open() {
    let mut order = pending();
    order.payments.push(Payment {
        id: PaymentId::parse("payment-2").unwrap(),
        ..order.payments[0].clone()
    });
    let effects = order.apply(&of_payment(PaymentFact::Expired), NOW);
    assert!(effects.is_empty());
    assert_eq!(
        (order.status, order.stock),
        (OrderStatus::Pending, StockState::Held)
    );
}

#[test]
fn fact_about_a_payment_of_another_order_changes_nothing() {
    let mut order = pending();
    let other = PaymentId::parse("payment-9").unwrap();
    let captured = PaymentFact::Captured(report(TOTAL, "usd"));
    assert!(
        order
            .apply(&OrderFact::Payment(other, captured), NOW)
            .is_empty()
    );
    assert_eq!(order, pending());
}

#[test]
fn kept_payment_of_another_amount_pays_the_order_and_refunds_what_was_paid() {
    let mut order = mismatched();
    assert_eq!(order.resolutions(), [Resolution::Keep]);
    let effects = order.resolve(Resolution::Keep, NOW).unwrap();
    assert_eq!(effects[0], Effect::Stock(StockMove::Sell));
    assert_eq!((order.status, order.flag), (OrderStatus::Paid, None));
    assert_eq!(order.refundable(), usd(TOTAL + 100));
    assert_eq!(
        order.resolve(Resolution::Keep, NOW),
        Err(ResolutionError::NotFlagged)
    );
}

#[test]
fn order_is_not_kept_while_its_money_goes_back() {
    let mut late = pending();
    late.apply(&of_payment(PaymentFact::Expired), NOW);
    carry_out(&mut late, &paid_fact(), false);
    assert_eq!(late.resolutions(), [Resolution::Close]);
    assert_eq!(
        late.resolve(Resolution::Keep, NOW),
        Err(ResolutionError::NotPossible)
    );
    let mut other = mismatched();
    let all = refund_fact("re_1", None, TOTAL + 100, RefundStatus::Pending);
    other.apply(&all, NOW);
    assert!(other.resolutions().is_empty());
}

#[test]
fn failed_refund_of_a_payment_of_another_amount_flags_the_order_again() {
    let mut order = mismatched();
    let all = TOTAL + 100;
    order.apply(
        &refund_fact("re_1", None, all, RefundStatus::Succeeded),
        NOW,
    );
    assert_eq!((order.status, order.flag), (OrderStatus::Refunded, None));
    order.apply(&refund_fact("re_1", None, all, RefundStatus::Failed), NOW);
    assert_eq!(
        (order.status, order.flag),
        (OrderStatus::Processing, Some(Flag::AmountMismatch))
    );
}

#[test]
fn unknown_order_without_money_is_closed_and_nobody_gets_a_receipt() {
    let mut order = flagged(PaymentFact::Processing(report(TOTAL, "usd")));
    order.flag = Some(Flag::OrderUnknown);
    assert_eq!(order.resolutions(), [Resolution::Close]);
    assert!(order.resolve(Resolution::Close, NOW).unwrap().is_empty());
    assert_eq!((order.paid_at, order.flag), (None, None));
}

#[test]
fn full_refund_settles_a_payment_of_another_amount_and_frees_the_stock() {
    let mut order = mismatched();
    let part = refund_fact("re_1", None, TOTAL, RefundStatus::Succeeded);
    order.apply(&part, NOW);
    assert_eq!(order.flag, Some(Flag::AmountMismatch));
    let rest = refund_fact("re_2", None, 100, RefundStatus::Succeeded);
    let effects = order.apply(&rest, NOW);
    assert!(effects.contains(&Effect::Stock(StockMove::Release)));
    assert_eq!((order.status, order.flag), (OrderStatus::Refunded, None));
}

#[test]
fn closed_out_of_stock_flag_is_not_raised_by_what_changes_nothing() {
    let mut order = pending();
    order.apply(&of_payment(PaymentFact::Expired), NOW);
    carry_out(&mut order, &paid_fact(), false);
    assert_eq!(order.flag, Some(Flag::OutOfStock));
    order.resolve(Resolution::Close, NOW).unwrap();
    order.apply(&paid_fact(), NOW);
    order.apply(&refund_fact("re_1", None, 10, RefundStatus::Pending), NOW);
    assert_eq!(order.flag, None);
}

#[test]
fn unknown_payment_flags_an_open_order_alone_and_keeps_its_stock() {
    let unknown = OrderFact::PaymentUnknown(payment_id());
    let mut order = pending();
    assert_eq!(
        order.apply(&unknown, NOW),
        [Effect::Notify(Notification::NeedsReview)]
    );
    assert_eq!(
        (order.status, order.stock, order.has_money()),
        (OrderStatus::Pending, StockState::Held, false)
    );
    order.apply(&OrderFact::PaymentKnown, NOW);
    assert_eq!(order.flag, None);
    let mut order = paid();
    assert!(order.apply(&unknown, NOW).is_empty());
}

#[test]
fn refund_that_stripe_does_not_move_in_the_currency_is_refused() {
    let mut order = pending();
    order.total = Money::new(TOTAL, Currency::parse("kwd").unwrap());
    order.payments[0].amount = order.total;
    order.apply(
        &of_payment(PaymentFact::Captured(report(TOTAL, "kwd"))),
        NOW,
    );
    let mut request = wanted("a", None, &[]);
    request.amount = Some(Money::new(1255, order.total.currency()));
    assert!(matches!(
        order.request_refund(request, NOW),
        Err(RefundError::NotChargeable { .. })
    ));
}

#[test]
fn prevented_or_unrefundable_dispute_blocks_a_refund() {
    for dispute in [
        dispute(DisputeStatus::Prevented, 1),
        Dispute {
            is_charge_refundable: false,
            ..dispute(DisputeStatus::WarningNeedsResponse, 1)
        },
    ] {
        let mut order = paid();
        order.apply(&OrderFact::Dispute(dispute), NOW);
        assert!(matches!(
            order.request_refund(wanted("a", None, &[]), NOW),
            Err(RefundError::Disputed { .. })
        ));
    }
}

#[test]
fn appeal_and_second_loss_are_notified_in_any_order() {
    let steps = [
        (DisputeStatus::NeedsResponse, 1),
        (DisputeStatus::Lost, 2),
        (DisputeStatus::AppealNeedsResponse, 3),
        (DisputeStatus::Lost, 4),
    ];
    let kinds = |order: [usize; 4]| {
        let mut paid = paid();
        let mut kinds: Vec<_> = order
            .into_iter()
            .flat_map(|step| {
                let (status, told_at) = steps[step];
                paid.apply(&OrderFact::Dispute(dispute(status, told_at)), NOW)
            })
            .filter_map(|effect| match effect {
                Effect::Notify(notification) => Some(notification.kind()),
                _ => None,
            })
            .collect();
        kinds.dedup();
        kinds
    };
    assert_eq!(
        kinds([0, 1, 2, 3]),
        [
            "dispute",
            "dispute_closed",
            "dispute_appealed",
            "appeal_closed"
        ]
    );
    // The second loss overtook the appeal.
    assert_eq!(
        kinds([0, 1, 3, 2]),
        ["dispute", "dispute_closed", "appeal_closed"]
    );
}

#[test]
fn early_fraud_warning_blocks_shipment_while_a_refund_helps_and_is_notified_once() {
    let tell = [Effect::Notify(Notification::EarlyFraudWarning {
        id: "issfr_1".to_owned(),
    })];
    let mut order = paid();
    assert_eq!(order.shipment_block(), None);
    let open = OrderFact::EarlyFraudWarning(warning(true, 1));
    assert_eq!(order.apply(&open, NOW), tell);
    assert_eq!(
        order.shipment_block(),
        Some(ShipmentBlock::EarlyFraudWarning)
    );
    assert_eq!(order.apply(&open, NOW), []);
    assert_eq!(order.early_fraud_warnings, [warning(true, 1)]);

    // All of it goes back, and the event about that was lost.
    let mut refunded = order.clone();
    refunded.apply(
        &refund_fact("re_1", None, TOTAL, RefundStatus::Succeeded),
        NOW,
    );
    assert_eq!(refunded.status, OrderStatus::Refunded);
    assert_eq!(refunded.shipment_block(), None);

    let closed = OrderFact::EarlyFraudWarning(warning(false, 2));
    assert_eq!(order.apply(&closed, NOW), []);
    assert_eq!(order.shipment_block(), None);
    // What is older comes last.
    assert_eq!(order.apply(&open, NOW), []);
    assert_eq!(order.shipment_block(), None);

    let mut order = paid();
    assert_eq!(order.apply(&closed, NOW), []);
    assert_eq!(order.shipment_block(), None);
}

#[test]
fn fraud_dispute_comes_before_a_warning_and_a_warning_before_a_flag() {
    let mut order = paid();
    order.apply(&OrderFact::StockMismatch, NOW);
    assert_eq!(order.shipment_block(), Some(ShipmentBlock::Flag));
    order.apply(&OrderFact::EarlyFraudWarning(warning(true, 1)), NOW);
    assert_eq!(
        order.shipment_block(),
        Some(ShipmentBlock::EarlyFraudWarning)
    );
    order.apply(
        &OrderFact::Dispute(dispute(DisputeStatus::NeedsResponse, 2)),
        NOW,
    );
    assert_eq!(order.shipment_block(), Some(ShipmentBlock::FraudDispute));
}

proptest! {
    #[test]
    fn captured_money_is_always_on_a_paid_refunded_or_flagged_order(
        before in facts(), after in facts(), is_in_stock: bool
    ) {
        let mut order = pending();
        for fact in before.iter().chain([&paid_fact()]).chain(&after) {
            carry_out(&mut order, fact, is_in_stock);
        }
        prop_assert!(order.status.has_been_paid());
        if order.stock == StockState::Released && order.status != OrderStatus::Refunded {
            prop_assert_eq!(order.flag, Some(Flag::OutOfStock));
        }
    }

    #[test]
    fn repeated_fact_changes_nothing(before in facts(), last in facts(), is_in_stock: bool) {
        let mut order = pending();
        for fact in &before {
            carry_out(&mut order, fact, is_in_stock);
        }
        if let Some(fact) = last.first() {
            carry_out(&mut order, fact, is_in_stock);
            let once = order.clone();
            let effects = order.apply(fact, NOW);
            prop_assert_eq!(order, once);
            prop_assert!(effects.is_empty());
        }
    }

    #[test]
    fn facts_commute_and_repeat((facts, arrival) in shuffled(history())) {
        let mut in_order = pending();
        for fact in &facts {
            carry_out(&mut in_order, fact, true);
        }
        let mut as_it_came = pending();
        for fact in &arrival {
            carry_out(&mut as_it_came, fact, true);
        }
        prop_assert_eq!(state(&in_order), state(&as_it_came));
    }

    #[test]
    fn each_notification_is_sent_once(arrival in facts()) {
        let mut order = pending();
        let mut notified = Vec::new();
        for fact in &arrival {
            for effect in order.apply(fact, NOW) {
                // How a dispute goes on may be told again when it comes back to where it was, as
                // after an appeal.
                if let Effect::Notify(notification) = effect
                    && !matches!(notification, Notification::DisputeOpened { .. }
                        | Notification::DisputeAppealed { .. }
                        | Notification::DisputeClosed { .. })
                {
                    prop_assert!(!notified.contains(&notification), "{notification:?} twice");
                    notified.push(notification);
                }
            }
        }
    }

    #[test]
    fn goods_are_held_exactly_while_the_money_is_open(facts in facts()) {
        let mut order = pending();
        for fact in &facts {
            carry_out(&mut order, fact, true);
            let expected = match order.status {
                OrderStatus::Pending | OrderStatus::Processing => StockState::Held,
                OrderStatus::Failed | OrderStatus::Expired => StockState::Released,
                OrderStatus::Paid | OrderStatus::PartiallyRefunded | OrderStatus::Refunded => StockState::Sold,
            };
            prop_assert_eq!(order.stock, expected);
        }
    }

    #[test]
    fn refunds_never_add_up_to_more_than_was_paid(
        steps in prop::collection::vec((0_usize..8, 1_i64..3_000, any::<bool>()), 0..20)
    ) {
        let mut order = paid();
        for (which, amount, fails) in steps {
            let id = format!("r{which}");
            if order.request_refund(wanted(&id, Some(amount), &[]), NOW).is_ok()
                && let Some(refund) = order.refunds.iter().find(|refund| refund.id.as_str() == id)
            {
                let amount = refund.amount.amount();
                let status = if fails { RefundStatus::Failed } else { RefundStatus::Succeeded };
                order.apply(&refund_fact(&format!("re_{which}"), Some(&id), amount, status), NOW);
            }
            prop_assert!(order.refunded().amount() <= TOTAL);
            prop_assert!(order.refunded().amount() + order.refundable().amount() <= TOTAL);
        }
    }
}
