use domain::id::{OrderId, OrderToken, ParcelId, PaymentId, RefundId, VariantId};
use domain::money::{Currency, Money};
use domain::order::{
    Dispute, DisputeFunds, DisputeStatus, EarlyFraudWarning, Flag, Mode, Notification, Order,
    OrderAmounts, OrderLine, OrderStatus, Parcel, ParcelPieces, Payment, PaymentState, Provider,
    Refund, RefundSource, RefundStatus, StockState,
};
use shop::mail::{Content, Recipient, Site, SkipReason, render};
use store::outbox::OutboxMessage;
use text::Text;

use crate::test_shop::EMAIL;

const SITE: Site<'_> = Site {
    url: "https://shop.example",
    name: "Plotter & Press",
    is_live: false,
    delivery: None,
};

/// 3 December 2026, noon.
const DEADLINE: i64 = 1_796_299_200;

fn usd(amount: i64) -> Money {
    Money::new(amount, Currency::USD)
}

/// The first parcel of [`order`], with everything in it.
fn parcel(carrier: Option<&str>, tracking_number: Option<&str>) -> Parcel {
    let lines = order().lines;
    let pieces = lines.into_iter().map(|line| ParcelPieces {
        variant: line.variant,
        quantity: line.quantity,
    });
    Parcel {
        id: ParcelId::parse("parcel-1").unwrap(),
        carrier: carrier.map(str::to_owned),
        tracking_number: tracking_number.map(str::to_owned),
        shipped_at: DEADLINE,
        delivered_at: None,
        pieces: pieces.collect(),
    }
}

fn shipped_notification() -> Notification {
    Notification::Shipped(ParcelId::parse("parcel-1").unwrap())
}

/// A paid order of three prints.
fn order() -> Order {
    let line = |variant: &str, title: &str, options: &str, unit_amount, quantity| OrderLine {
        variant: VariantId::parse(variant).unwrap(),
        sku: variant.to_ascii_uppercase(),
        title: title.to_owned(),
        options: options.to_owned(),
        image: "/art/low-water.svg".to_owned(),
        unit_price: usd(unit_amount),
        quantity,
        discount: usd(0),
        tax: usd(0),
        paid: usd(unit_amount * i64::from(quantity)),
        kind: domain::catalog::ProductKind::Shipped,
    };
    Order {
        id: OrderId::parse("order-1").unwrap(),
        number: 1001,
        token: OrderToken::parse("unguessable").unwrap(),
        status: OrderStatus::Paid,
        stock: StockState::Sold,
        flag: None,
        total: usd(8600),
        amounts: OrderAmounts::of_lines(usd(8600)),
        details: None,
        email: Some(EMAIL.to_owned()),
        created_at: 1_795_600_000,
        paid_at: Some(1_795_600_100),
        parcels: Vec::new(),
        lines: vec![
            line("low-a4", "Low Water", "A4 / Matte", 2400, 2),
            line("low-a3", "High Water", "", 3800, 1),
        ],
        payments: vec![Payment {
            id: PaymentId::parse("payment-1").unwrap(),
            provider: Provider::StripeCheckout,
            mode: Mode::Test,
            account: None,
            reference: Some("cs_1".to_owned()),
            payment_reference: Some("pi_1".to_owned()),
            state: PaymentState::Captured,
            amount: usd(8600),
            captured: Some(usd(8600)),
            expires_at: 1_795_601_800,
            attempt: 1,
        }],
        refunds: Vec::new(),
        disputes: Vec::new(),
        early_fraud_warnings: Vec::new(),
    }
}

fn refund(status: RefundStatus, source: RefundSource) -> Refund {
    Refund {
        id: RefundId::parse("refund-1").unwrap(),
        stripe_id: Some("re_1".to_owned()),
        amount: usd(2400),
        status,
        source,
        reason: None,
        note: None,
        failure: None,
        lines: Vec::new(),
        with_shipping: false,
        attempt: 1,
        created_at: 1_795_700_000,
    }
}

fn dispute(status: DisputeStatus) -> Dispute {
    Dispute {
        id: "du_1".to_owned(),
        amount: usd(8600),
        status,
        reason: "product_not_received".to_owned(),
        due_by: Some(DEADLINE),
        funds: DisputeFunds::Withdrawn,
        is_charge_refundable: false,
        is_appealed: false,
        opened_at: 1_795_700_000,
        told_at: 1_795_700_000,
    }
}

fn write(notification: &Notification, order: &Order) -> Result<Content, SkipReason> {
    let email = OutboxMessage {
        id: "e-mail-1".to_owned(),
        kind: notification.kind().to_owned(),
        subject: notification.subject(),
        order_id: order.id.clone(),
        attempts: 1,
    };
    render(&email, order, &SITE)
}

fn to_shopper() -> Recipient {
    Recipient::Shopper(EMAIL.to_owned())
}

/// Both parts have to say it.
fn assert_says(content: &Content, texts: &[&str]) {
    for text in texts {
        assert!(content.text.contains(text), "{text:?} in {}", content.text);
        let escaped = text.replace('&', "&amp;");
        assert!(
            content.html.contains(&escaped),
            "{text:?} in {}",
            content.html
        );
    }
}

#[test]
fn receipt_says_what_was_bought_and_leads_to_the_order() {
    let content = write(&Notification::Receipt, &order()).unwrap();
    assert_eq!(content.to, to_shopper());
    assert_eq!(content.subject, "Your order 1001 at Plotter & Press");
    assert_says(
        &content,
        &[
            "Low Water",
            "A4 / Matte",
            "$48.00",
            "High Water",
            "$38.00",
            "$86.00",
            "https://shop.example/orders/unguessable",
            "Plotter & Press",
        ],
    );
    assert!(
        content
            .text
            .contains("  2 x Low Water (A4 / Matte): $48.00\n")
    );
    assert!(content.text.contains("  1 x High Water: $38.00\n"));
}

#[test]
fn email_links_to_the_admin_page_for_the_admin_alone() {
    let mut order = order();
    order.flag = Some(Flag::AmountMismatch);
    order.parcels = vec![parcel(None, None)];
    order.refunds = vec![refund(RefundStatus::Succeeded, RefundSource::Admin)];
    order.disputes = vec![dispute(DisputeStatus::NeedsResponse)];
    let refund_id = RefundId::parse("refund-1").unwrap();
    for notification in [
        Notification::Receipt,
        Notification::NewOrder,
        shipped_notification(),
        Notification::Refunded(refund_id),
        Notification::LatePayment,
        Notification::NeedsReview,
        Notification::DisputeOpened {
            id: "du_1".to_owned(),
            is_inquiry: false,
        },
        Notification::DisputeClosed {
            id: "du_1".to_owned(),
            status: DisputeStatus::Won,
            is_appeal: false,
        },
    ] {
        order.disputes = match &notification {
            Notification::DisputeClosed { status, .. } => vec![dispute(*status)],
            _ => vec![dispute(DisputeStatus::NeedsResponse)],
        };
        let content = write(&notification, &order).unwrap();
        let is_for_shopper = content.to == to_shopper();
        assert_eq!(
            is_for_shopper,
            notification.is_for_shopper(),
            "{notification:?}"
        );
        for part in [&content.text, &content.html] {
            assert_eq!(part.contains("/admin/orders/1001"), !is_for_shopper);
            assert_eq!(part.contains("/orders/unguessable"), is_for_shopper);
        }
    }
}

#[test]
fn email_loads_nothing_from_anywhere() {
    let content = write(&Notification::Receipt, &order()).unwrap();
    for what in ["<img", "src=", "url(", "<link", "<script", "@import"] {
        assert!(!content.html.contains(what), "{what}");
    }
}

#[test]
fn foreign_text_is_escaped() {
    let mut order = order();
    order.lines[0].title = "<img src=x onerror=alert(1)>\r\nBcc: eve@example.com".to_owned();
    order.lines[0].options = "\"A4\" & <b>".to_owned();
    order.parcels = vec![parcel(
        Some("<script>DHL</script>\nX-Evil: 1"),
        Some("00\u{7}12"),
    )];
    let content = write(&shipped_notification(), &order).unwrap();
    for tag in ["<img", "<script", "<b>"] {
        assert!(!content.html.contains(tag), "{tag}");
    }
    assert!(
        content
            .html
            .contains("&lt;img src=x onerror=alert(1)&gt; Bcc: eve@example.com")
    );
    assert!(content.html.contains("&quot;A4&quot; &amp; &lt;b&gt;"));
    assert!(
        content
            .text
            .contains("Carrier: <script>DHL</script> X-Evil: 1\n")
    );
    assert!(content.text.contains("Tracking number: 00 12\n"));
    assert!(!content.text.contains("\nBcc:"));

    let site = Site {
        name: "Evil\r\nBcc: eve@example.com",
        is_live: false,
        ..SITE
    };
    let email = OutboxMessage {
        id: "e-mail-1".to_owned(),
        kind: "receipt".to_owned(),
        subject: String::new(),
        order_id: order.id.clone(),
        attempts: 1,
    };
    let content = render(&email, &order, &site).unwrap();
    assert!(
        !content.subject.contains(['\r', '\n']),
        "{}",
        content.subject
    );
}

#[test]
fn shopper_without_an_address_gets_no_email_and_the_admin_does() {
    let mut order = order();
    order.email = None;
    assert_eq!(
        write(&Notification::Receipt, &order),
        Err(SkipReason::NoAddress)
    );
    assert_eq!(
        write(&Notification::NewOrder, &order).unwrap().to,
        Recipient::Admin
    );
}

#[test]
fn payment_that_failed_says_how_to_try_again() {
    let mut order = order();
    assert_eq!(
        write(&Notification::PaymentFailed, &order),
        Err(SkipReason::Outdated),
        "it was paid after all"
    );
    order.status = OrderStatus::Failed;
    let content = write(&Notification::PaymentFailed, &order).unwrap();
    assert_says(
        &content,
        &["nothing was charged", "https://shop.example/products"],
    );
}

#[test]
fn shipping_notice_has_carrier_and_number() {
    let mut order = order();
    assert_eq!(
        write(&shipped_notification(), &order),
        Err(SkipReason::Outdated)
    );
    order.parcels = vec![parcel(Some("DHL"), Some("0034 0433"))];
    let content = write(&shipped_notification(), &order).unwrap();
    assert_eq!(content.subject, "Your order 1001 is on its way");
    assert_says(&content, &["DHL", "0034 0433", "3 December 2026"]);
}

#[test]
fn parcel_notice_lists_its_own_pieces_and_no_prices() {
    let mut order = order();
    let mut first = parcel(None, None);
    first.pieces.remove(1);
    first.pieces[0].quantity = 1;
    order.parcels = vec![first];
    let content = write(&shipped_notification(), &order).unwrap();
    assert_eq!(content.subject, "A parcel of your order 1001 is on its way");
    assert_says(
        &content,
        &["Low Water", "The rest follows", "In this parcel"],
    );
    assert!(content.text.contains("  1 x Low Water (A4 / Matte)\n"));
    for absent in ["High Water", "$"] {
        assert!(!content.text.contains(absent), "{absent}");
        assert!(!content.html.contains(absent), "{absent}");
    }
    let mut second = parcel(None, None);
    second.id = ParcelId::parse("parcel-2").unwrap();
    second.pieces[0].quantity = 1;
    order.parcels.push(second);
    let last = Notification::Shipped(ParcelId::parse("parcel-2").unwrap());
    let content = write(&last, &order).unwrap();
    assert_says(&content, &["High Water", "a part of order 1001"]);
    assert!(!content.text.contains("The rest follows"));
}

#[test]
fn refund_that_failed_meanwhile_is_not_mailed_as_refunded() {
    let id = RefundId::parse("refund-1").unwrap();
    let (gone, failed) = (
        Notification::Refunded(id.clone()),
        Notification::RefundFailed(id),
    );
    let mut order = order();
    assert_eq!(write(&gone, &order), Err(SkipReason::Unknown));

    order.refunds = vec![refund(RefundStatus::Succeeded, RefundSource::Admin)];
    let content = write(&gone, &order).unwrap();
    assert_eq!(content.to, to_shopper());
    assert_says(&content, &["$24.00", "5 to 10 business days", "Refunded"]);
    assert_eq!(write(&failed, &order), Err(SkipReason::Outdated));

    order.refunds[0].status = RefundStatus::Failed;
    order.refunds[0].failure = Some("lost_or_stolen_card".to_owned());
    assert_eq!(write(&gone, &order), Err(SkipReason::Outdated));
    let content = write(&failed, &order).unwrap();
    assert_eq!(content.to, Recipient::Admin);
    assert_says(&content, &["$24.00", "lost or stolen card", EMAIL]);
}

#[test]
fn receipt_of_a_payment_that_goes_back_by_itself_promises_no_goods() {
    let mut order = order();
    order.stock = StockState::Released;
    order.refunds = vec![refund(RefundStatus::Requested, RefundSource::Automatic)];
    let receipt = write(&Notification::Receipt, &order).unwrap();
    assert_says(&receipt, &["goes back", "sorry"]);
    assert!(!receipt.text.contains("Thank you"));
    assert_says(
        &write(&Notification::NewOrder, &order).unwrap(),
        &["Do not ship it"],
    );
    assert_says(
        &write(&Notification::LatePayment, &order).unwrap(),
        &["$24.00", "do not ship it"],
    );
}

#[test]
fn dispute_says_why_how_much_and_until_when() {
    let mut order = order();
    let opened = |is_inquiry| Notification::DisputeOpened {
        id: "du_1".to_owned(),
        is_inquiry,
    };
    order.disputes = vec![dispute(DisputeStatus::NeedsResponse)];
    let content = write(&opened(false), &order).unwrap();
    assert_eq!(
        content.subject,
        "Order 1001: a payment is disputed, answer by 3 December 2026"
    );
    assert_says(
        &content,
        &["$86.00", "product not received", "3 December 2026", "du_1"],
    );

    order.disputes = vec![dispute(DisputeStatus::WarningNeedsResponse)];
    let content = write(&opened(true), &order).unwrap();
    assert_says(&content, &["No money was taken", "3 December 2026"]);

    // Nobody is hurried about what is answered, or told about what is over.
    order.disputes = vec![dispute(DisputeStatus::UnderReview)];
    let content = write(&opened(false), &order).unwrap();
    assert_eq!(content.subject, "Order 1001: a payment is disputed");
    assert!(!content.text.contains("Answer by"));
    for (is_inquiry, now) in [
        (false, DisputeStatus::Lost),
        (false, DisputeStatus::Won),
        (true, DisputeStatus::NeedsResponse),
        (true, DisputeStatus::WarningClosed),
    ] {
        order.disputes = vec![dispute(now)];
        assert_eq!(
            write(&opened(is_inquiry), &order),
            Err(SkipReason::Outdated)
        );
    }

    order.disputes = vec![dispute(DisputeStatus::AppealNeedsResponse)];
    let appealed = Notification::DisputeAppealed {
        id: "du_1".to_owned(),
    };
    let content = write(&appealed, &order).unwrap();
    assert_says(&content, &["appealed", "3 December 2026"]);

    for (status, ending) in [
        (DisputeStatus::Won, "dispute won"),
        (DisputeStatus::Lost, "dispute lost"),
        (DisputeStatus::WarningClosed, "inquiry closed"),
    ] {
        let closed = Notification::DisputeClosed {
            id: "du_1".to_owned(),
            status,
            is_appeal: false,
        };
        assert_eq!(write(&closed, &order), Err(SkipReason::Outdated));
        order.disputes = vec![dispute(status)];
        let content = write(&closed, &order).unwrap();
        assert_eq!(content.subject, format!("Order 1001: {ending}"));
        assert_eq!(content.to, Recipient::Admin);
    }
}

#[test]
fn early_fraud_warning_says_do_not_ship_while_a_refund_helps() {
    let notification = Notification::EarlyFraudWarning {
        id: "issfr_1".to_owned(),
    };
    let mut order = order();
    assert_eq!(write(&notification, &order), Err(SkipReason::Unknown));
    order.early_fraud_warnings = vec![EarlyFraudWarning {
        id: "issfr_1".to_owned(),
        fraud_type: "made_with_stolen_card".to_owned(),
        is_actionable: true,
        created_at: DEADLINE,
        reported_at: DEADLINE,
    }];
    let content = write(&notification, &order).unwrap();
    assert_eq!(content.to, Recipient::Admin);
    assert_eq!(
        content.subject,
        "Order 1001 was probably paid with a stolen card, do not ship it"
    );
    assert_says(
        &content,
        &[
            "$86.00",
            "made with stolen card",
            "issfr_1",
            "Do not ship it",
        ],
    );
    assert_says(
        &write(&Notification::NewOrder, &order).unwrap(),
        &["Do not ship it"],
    );

    order.parcels = vec![parcel(None, None)];
    assert_says(&write(&notification, &order).unwrap(), &["Stop the parcel"]);

    order.early_fraud_warnings[0].is_actionable = false;
    assert_eq!(write(&notification, &order), Err(SkipReason::Outdated));
    order.early_fraud_warnings[0].is_actionable = true;
    order.status = OrderStatus::Refunded;
    assert_eq!(write(&notification, &order), Err(SkipReason::Outdated));
}

#[test]
fn flagged_order_says_why_until_resolved() {
    let mut order = order();
    assert_eq!(
        write(&Notification::NeedsReview, &order),
        Err(SkipReason::Outdated)
    );
    for flag in Flag::ALL {
        order.flag = Some(flag);
        assert_says(
            &write(&Notification::NeedsReview, &order).unwrap(),
            &[Text::default()
                .admin_order()
                .flag(flag)
                .split('.')
                .next()
                .unwrap()],
        );
    }
}

#[test]
fn every_notification_parses_as_written() {
    let id = RefundId::parse("refund-1").unwrap();
    let opened = |is_inquiry| Notification::DisputeOpened {
        id: "du_1".to_owned(),
        is_inquiry,
    };
    for notification in [
        Notification::Receipt,
        Notification::NewOrder,
        Notification::PaymentFailed,
        shipped_notification(),
        Notification::Refunded(id.clone()),
        Notification::RefundFailed(id),
        Notification::LatePayment,
        Notification::NeedsReview,
        opened(false),
        opened(true),
        Notification::EarlyFraudWarning {
            id: "issfr_1".to_owned(),
        },
        Notification::DisputeClosed {
            id: "du_1".to_owned(),
            status: DisputeStatus::Won,
            is_appeal: false,
        },
    ] {
        let read = Notification::parse(notification.kind(), &notification.subject());
        assert_eq!(read, Some(notification));
    }
    for (kind, subject) in [("news", ""), ("refund", ""), ("dispute_closed", "du_1")] {
        assert_eq!(Notification::parse(kind, subject), None);
    }
}

/// The texts as people read them. After a wanted change, `INSTA_UPDATE=always` writes them anew.
#[test]
fn email_of_each_kind_reads_as_its_snapshot() {
    let refund_id = RefundId::parse("refund-1").unwrap();
    let of_dispute = |status| Order {
        disputes: vec![dispute(status)],
        ..order()
    };
    let of_refund = |status, source| Order {
        refunds: vec![refund(status, source)],
        ..order()
    };
    let id = || "du_1".to_owned();
    let opened = |is_inquiry| Notification::DisputeOpened {
        id: id(),
        is_inquiry,
    };
    let closed = |status| Notification::DisputeClosed {
        id: id(),
        status,
        is_appeal: false,
    };
    let shipped = Order {
        parcels: vec![parcel(Some("DHL"), Some("0034 0433"))],
        ..order()
    };
    let failed = Order {
        status: OrderStatus::Failed,
        paid_at: None,
        ..order()
    };
    let flagged = Order {
        flag: Some(Flag::AmountMismatch),
        ..order()
    };
    for (name, notification, order) in [
        ("receipt", Notification::Receipt, order()),
        ("new_order", Notification::NewOrder, order()),
        ("payment_failed", Notification::PaymentFailed, failed),
        ("shipped", shipped_notification(), shipped),
        (
            "refunded",
            Notification::Refunded(refund_id.clone()),
            of_refund(RefundStatus::Succeeded, RefundSource::Admin),
        ),
        (
            "refund_failed",
            Notification::RefundFailed(refund_id),
            of_refund(RefundStatus::Failed, RefundSource::Admin),
        ),
        (
            "late_payment",
            Notification::LatePayment,
            of_refund(RefundStatus::Pending, RefundSource::Automatic),
        ),
        ("needs_review", Notification::NeedsReview, flagged),
        (
            "inquiry_opened",
            opened(true),
            of_dispute(DisputeStatus::WarningNeedsResponse),
        ),
        (
            "dispute_opened",
            opened(false),
            of_dispute(DisputeStatus::NeedsResponse),
        ),
        (
            "dispute_appealed",
            Notification::DisputeAppealed { id: id() },
            of_dispute(DisputeStatus::AppealNeedsResponse),
        ),
        (
            "dispute_lost",
            closed(DisputeStatus::Lost),
            of_dispute(DisputeStatus::Lost),
        ),
    ] {
        let content = write(&notification, &order).unwrap();
        let email = format!("Subject: {}\n\n{}", content.subject, content.text);
        insta::with_settings!({omit_expression => true, prepend_module_to_snapshot => false}, {
            insta::assert_snapshot!(name, email);
        });
    }
}
