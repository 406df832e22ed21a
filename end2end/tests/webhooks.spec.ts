import { cards, expect, needsSandbox, type Shopper, test } from '../fixtures/test.ts';

test.describe('an order and the webhook', { tag: needsSandbox.tag }, () => {
  async function goToPay({ product, cart }: Shopper): Promise<void> {
    await product.open('terrazzo');
    await product.choose('3 sheets');
    await product.add();
    await cart.open();
    await cart.checkOut();
  }

  test('a webhook before the redirect has the order paid when the shopper arrives', async ({
    shopper,
    payPage,
    order,
    sandbox,
  }) => {
    await sandbox.deliverWebhooks('before_redirect');
    await goToPay(shopper);
    await payPage.payAndNeverReturn(cards.visa);
    const session = await sandbox.session();
    const [completed] = (await sandbox.deliveries()).filter((it) => it.event_type === 'checkout.session.completed');
    expect(completed?.attempts).toMatchObject([{ status: 200 }]);
    // Without the session in the address nobody asks Stripe: what the page knows, it knows from the webhook.
    await order.open(sandbox.orderPath(session));
    await order.expectStatus('Paid');
  });

  test('a webhook after the redirect turns the waiting page to Paid without a reload', async ({
    shopper,
    page,
    store,
    payPage,
    order,
    sandbox,
  }) => {
    await sandbox.deliverWebhooks('held');
    await goToPay(shopper);
    await payPage.payAndNeverReturn(cards.visa);
    await order.open(sandbox.orderPath(await sandbox.session()));
    await order.expectStatus('Waiting for payment');
    await store.expectInCart(1);
    await page.evaluate(() => document.documentElement.setAttribute('data-same-page', ''));

    await sandbox.deliverWebhooks('immediate');
    await order.expectStatus('Paid');
    await store.expectInCart(0);
    await expect(page.locator('html[data-same-page]'), 'the page was not reloaded').toHaveCount(1);
  });

  test('a shopper who comes back before the webhook sees Paid, because the shop asks Stripe', async ({
    shopper,
    payPage,
    order,
    sandbox,
  }) => {
    await sandbox.deliverWebhooks('held');
    await goToPay(shopper);
    await payPage.payWith(cards.visa);
    await order.expectStatus('Paid');
    const session = await sandbox.session();
    const sent = (await sandbox.deliveries()).filter(({ attempts, state }) => attempts.length > 0 && state === 'pending');
    expect(sent, 'no webhook was sent').toEqual([]);

    // The late webhook changes nothing.
    await sandbox.deliverWebhooks('immediate');
    await expect
      .poll(async () => (await sandbox.deliveries()).every(({ state }) => state === 'delivered'))
      .toBe(true);
    await order.open(sandbox.orderPath(session));
    await order.expectStatus('Paid');
    expect(await sandbox.charges()).toHaveLength(1);
  });

  test('the session of another order in the address proves nothing', async ({ shopper, payPage, order, sandbox }) => {
    await sandbox.deliverWebhooks('held');
    await goToPay(shopper);
    await payPage.payAndNeverReturn(cards.visa);
    const session = await sandbox.session();
    await order.open(`${sandbox.orderPath(session)}?session_id=cs_test_of_somebody_else`);
    await order.expectStatus('Waiting for payment');
  });

  test('an order that nobody pays in time turns to Expired while it is looked at, and its stock is back', async ({
    anotherShopper,
    product,
    cart,
    order,
    sandbox,
  }) => {
    const title = 'First Frost';
    const lastOne = 'A2 / Framed oak';
    await product.open('first-frost');
    await product.choose(lastOne);
    await product.add();
    await cart.open();
    await cart.checkOut();
    await order.open(sandbox.orderPath(await sandbox.session()));
    await order.expectStatus('Waiting for payment');

    const other = await anotherShopper();
    await other.product.open('first-frost');
    await expect(other.product.variant(lastOne), 'the last one is held').toBeDisabled();

    await sandbox.moveClock(36 * 60);
    await order.expectStatus('Expired');
    await other.product.open('first-frost');
    await other.product.choose(lastOne);
    await other.product.add();
    await other.cart.open();
    await other.cart.line(title, lastOne).expectQuantity(1);
  });
});
