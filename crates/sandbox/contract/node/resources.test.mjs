// What else a shop does with stripe-node: intents, refunds, disputes, customers, the catalog, webhook endpoints.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { after, before, beforeEach, test } from "node:test";
import Stripe from "stripe";
import { SECRET, connect, order, start } from "./sandbox.mjs";

const VERIFIER = process.env.VERIFY_WEBHOOK_BIN ?? "";
const { errors } = Stripe;

let sandbox, stripe;
before(async () => {
  sandbox = await start();
  stripe = sandbox.stripe;
});
beforeEach(() => sandbox.control("reset"));
after(() => sandbox.stop());

/** An intent that is confirmed with a test card. */
const pay = (card = "pm_card_visa", more = {}) =>
  stripe.paymentIntents.create({
    amount: 2100, currency: "usd", payment_method: card, confirm: true, return_url: "https://shop.example/back", ...more,
  });

const ids = (list) => list.map((one) => one.id);

test("an intent is held, captured in part and refunded", async () => {
  const held = await pay("pm_card_visa", { capture_method: "manual" });
  assert.deepEqual([held.status, held.amount_capturable], ["requires_capture", 2100]);
  const taken = await stripe.paymentIntents.capture(held.id, { amount_to_capture: 1500 });
  assert.deepEqual([taken.status, taken.amount_received], ["succeeded", 1500]);
  const refund = await stripe.refunds.create({ payment_intent: held.id, amount: 600, reason: "duplicate" });
  const updated = await stripe.refunds.update(refund.id, { metadata: { why: "twice" } });
  assert.deepEqual([updated.status, updated.metadata], ["succeeded", { why: "twice" }]);
  await assert.rejects(stripe.refunds.create({ payment_intent: held.id, amount: 901 }), (error) =>
    error instanceof errors.StripeInvalidRequestError && error.param === "amount");
});

test("a declined card is a StripeCardError with its intent", async () => {
  await assert.rejects(pay("pm_card_visa_chargeDeclinedInsufficientFunds"), (error) =>
    error instanceof errors.StripeCardError && error.statusCode === 402 && error.decline_code === "insufficient_funds" &&
    error.payment_intent.status === "requires_payment_method");
});

test("limits are StripeRateLimitErrors, and the SDK can repeat", async () => {
  for (const [fault, code] of [["api_rate_limit", "rate_limit"], ["api_lock_timeout", "lock_timeout"]]) {
    await sandbox.control("faults", { [fault]: 100 });
    await assert.rejects(stripe.charges.list(), (error) =>
      error instanceof errors.StripeRateLimitError && error.statusCode === 429 && error.code === code);
    await sandbox.control("faults", { [fault]: 50, seed: 3 });
    const patient = connect(sandbox.url, undefined, { maxNetworkRetries: 20 });
    const made = await patient.customers.create({ name: fault });
    await sandbox.control("faults", { reset: true });
    assert.deepEqual(ids((await stripe.customers.list({ limit: 1 })).data), [made.id]);
  }
});

test("a dispute is answered, won, and told with what it was", async () => {
  const intent = await pay("pm_card_createDispute");
  const [dispute] = (await stripe.disputes.list({ payment_intent: intent.id })).data;
  assert.equal(dispute.status, "needs_response");
  await stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: "winning_evidence" }, submit: true });
  await sandbox.control("clock", { advance: 60 });
  assert.equal((await stripe.disputes.retrieve(dispute.id)).status, "won");
  const told = await stripe.events.list({ type: "charge.dispute.*" });
  assert.deepEqual(told.data.map((event) => event.type), [
    "charge.dispute.closed", "charge.dispute.funds_reinstated", "charge.dispute.updated",
    "charge.dispute.funds_withdrawn", "charge.dispute.created",
  ]);
  assert.equal(told.data[0].data.previous_attributes.status, "under_review");
  const accepted = await pay("pm_card_createDispute");
  const [other] = (await stripe.disputes.list({ payment_intent: accepted.id })).data;
  assert.equal((await stripe.disputes.close(other.id)).status, "lost");
});

test("the balance tells of charges, refunds and fees", async () => {
  const charge = await stripe.charges.retrieve((await pay()).latest_charge, { expand: ["balance_transaction"] });
  await stripe.refunds.create({ charge: charge.id });
  const rows = (await stripe.balanceTransactions.list({ limit: 2 })).data;
  assert.deepEqual(rows.map((row) => [row.type, row.amount]), [["refund", -2100], ["charge", 2100]]);
  assert.equal(charge.balance_transaction.net, 2100 - charge.balance_transaction.fee);
});

test("a customer keeps a card and loses it", async () => {
  const customer = await stripe.customers.create({ email: "ada@example.com" });
  const card = await stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id });
  assert.deepEqual(ids((await stripe.customers.listPaymentMethods(customer.id)).data), [card.id]);
  const again = await pay(card.id, { customer: customer.id, off_session: true });
  assert.equal(again.status, "succeeded");
  assert.equal((await stripe.paymentMethods.detach(card.id)).customer, null);
  assert.equal((await stripe.customers.del(customer.id)).deleted, true);
});

test("a catalog is made, found and put out of use", async () => {
  const product = await stripe.products.create({ name: "Print", default_price_data: { currency: "usd", unit_amount: 2100 } });
  const [price] = (await stripe.prices.list({ product: product.id })).data;
  assert.equal(price.id, product.default_price);
  const coupon = await stripe.coupons.create({ percent_off: 25, duration: "once" });
  const code = await stripe.promotionCodes.create({ promotion: { type: "coupon", coupon: coupon.id }, code: "SPRING" });
  assert.deepEqual(ids((await stripe.promotionCodes.list({ code: "SPRING" })).data), [code.id]);
  assert.equal((await stripe.promotionCodes.update(code.id, { active: false })).active, false);
  const rate = await stripe.shippingRates.create({
    display_name: "Post", type: "fixed_amount", fixed_amount: { amount: 500, currency: "usd" },
  });
  assert.equal((await stripe.shippingRates.retrieve(rate.id)).fixed_amount.amount, 500);
  assert.equal((await stripe.coupons.del(coupon.id)).deleted, true);
});

test("lists are paged in both directions", async () => {
  const made = [];
  for (let count = 0; count < 5; count++) made.push((await stripe.customers.create({ name: `${count}` })).id);
  assert.deepEqual(ids(await stripe.customers.list({ limit: 2 }).autoPagingToArray({ limit: 10 })), made.toReversed());
  const back = await stripe.customers.list({ limit: 2, ending_before: made[0] }).autoPagingToArray({ limit: 10 });
  assert.deepEqual(new Set(ids(back)), new Set(made.slice(1)));
});

test("a webhook endpoint gets what it asked for, under its own secret", async () => {
  const made = await stripe.webhookEndpoints.create({ url: sandbox.hook, enabled_events: ["customer.created"] });
  const customer = await stripe.customers.create({ name: "Ada" });
  const { headers, body } = await sandbox.delivery("customer.created", customer.id, (one) =>
    verifies(one, made.secret));
  assert.equal(stripe.webhooks.constructEvent(body, headers["stripe-signature"], made.secret).data.object.id, customer.id);
  await assert.rejects(stripe.webhookEndpoints.create({ url: sandbox.hook, enabled_events: ["customer.eaten"] }), (error) =>
    error instanceof errors.StripeInvalidRequestError && error.param === "enabled_events[0]");
  assert.equal((await stripe.webhookEndpoints.del(made.id)).deleted, true);
});

test("a key that is in use is a conflict, which the SDK sits out", async () => {
  await sandbox.control("faults", { api_slow_ms: 300 });
  const create = (options) => stripe.checkout.sessions.create(order(), { idempotencyKey: "once", ...options });
  const made = await Promise.all(Array.from({ length: 4 }, () => create({ maxNetworkRetries: 20 })));
  assert.equal(new Set(ids(made)).size, 1);
});

test("the shop's verifier takes what the SDK signs", { skip: !existsSync(VERIFIER) && "it is not built" }, () => {
  const payload = JSON.stringify({ id: "evt_1", object: "event", name: "Café €" }, null, 2);
  const verify = (header, body) => spawnSync(VERIFIER, [SECRET, header], { input: body }).status === 0;
  const header = stripe.webhooks.generateTestHeaderString({ payload, secret: SECRET });
  assert.equal(verify(header, payload), true);
  assert.equal(verify(header, `${payload} `), false);
  const old = Math.floor(Date.now() / 1000) - 400;
  assert.equal(verify(stripe.webhooks.generateTestHeaderString({ payload, secret: SECRET, timestamp: old }), payload), false);
});

/** Whether a delivery is signed with this secret. */
function verifies({ headers, body }, secret) {
  try {
    return !!stripe.webhooks.constructEvent(body, headers["stripe-signature"], secret);
  } catch {
    return false;
  }
}
