// What a shop does with stripe-node.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import Stripe from "stripe";
import { SECRET, connect, order, start } from "./sandbox.mjs";

let sandbox, stripe;
before(async () => {
  sandbox = await start();
  stripe = sandbox.stripe;
});
after(() => sandbox.stop());

const sessions = () => stripe.checkout.sessions;

test("a session is made, paid and seen paid", async () => {
  const made = await sessions().create(order({ metadata: { order: "1" }, client_reference_id: "é & co" }));
  assert.equal(made.status, "open");
  assert.equal(made.client_reference_id, "é & co");
  assert.equal((await sandbox.pay(made)).status, 303);
  const paid = await sessions().retrieve(made.id, { expand: ["payment_intent.latest_charge", "line_items"] });
  assert.deepEqual([paid.status, paid.payment_status, paid.amount_total], ["complete", "paid", 2100]);
  assert.equal(paid.payment_intent.latest_charge.payment_method_details.card.brand, "visa");
  assert.equal(paid.line_items.data[0].description, "Print");
  assert.deepEqual(paid.metadata, { order: "1" });
});

test("stripe-node pages by itself", async () => {
  const made = [];
  for (let count = 0; count < 5; count++) made.unshift((await sessions().create(order())).id);
  const seen = [];
  for await (const session of sessions().list({ limit: 2, status: "open" })) {
    seen.push(session.id);
    if (seen.length === made.length) break;
  }
  assert.deepEqual(seen, made);
});

test("constructEvent verifies what the sandbox signs, and nothing else", async () => {
  const made = await sessions().create(order());
  await sandbox.pay(made);
  const { headers, body } = await sandbox.delivery("checkout.session.completed", made.id);
  const signature = headers["stripe-signature"];
  const event = stripe.webhooks.constructEvent(body, signature, SECRET);
  assert.equal(event.data.object.id, made.id);
  const refused = { name: "Error", type: "StripeSignatureVerificationError" };
  assert.throws(() => stripe.webhooks.constructEvent(body, signature, "whsec_other"), { type: refused.type });
  assert.throws(() => stripe.webhooks.constructEvent(`${body} `, signature, SECRET), { type: refused.type });
});

test("errors become the classes of the SDK", async () => {
  const { errors } = Stripe;
  await assert.rejects(sessions().create({ mode: "payment" }), (error) =>
    error instanceof errors.StripeInvalidRequestError && error.code === "parameter_missing" && error.statusCode === 400);
  await assert.rejects(sessions().retrieve("cs_none"), (error) =>
    error instanceof errors.StripeInvalidRequestError && error.code === "resource_missing" && error.statusCode === 404);
  await assert.rejects(connect(sandbox.url, "sk_test_wrong").charges.list(), (error) =>
    error instanceof errors.StripeAuthenticationError && error.statusCode === 401 && /^req_/.test(error.requestId));
});

test("an idempotency key replays, and is bound to its parameters", async () => {
  const options = { idempotencyKey: "once" };
  const first = await sessions().create(order(), options);
  const second = await sessions().create(order(), options);
  assert.equal(second.id, first.id);
  assert.equal(second.lastResponse.headers["idempotent-replayed"], "true");
  await assert.rejects(sessions().create(order({ client_reference_id: "other" }), options), (error) =>
    error instanceof Stripe.errors.StripeIdempotencyError);
});

test("an expired session says so", async () => {
  const made = await sessions().create(order());
  const expired = await sessions().expire(made.id);
  assert.deepEqual([expired.status, expired.url], ["expired", null]);
  const event = (await stripe.events.list({ type: "checkout.session.expired", limit: 1 })).data[0];
  assert.equal(event.data.object.id, made.id);
});
