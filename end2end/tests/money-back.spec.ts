import { dollars, expect, needsSandbox, test } from '../fixtures/test.ts';

/** An amount as the owner types it. */
function typed(amount: number): string {
  return dollars(amount).slice(1);
}

test.describe('after a payment', { tag: needsSandbox.tag }, () => {
  test('money goes back in parts, and the shopper sees how much', async ({ shopper, order, admin, server }) => {
    const { number, path, price } = await shopper.buy('twill', 'A4', 3);
    await admin.signIn(server.password);
    await admin.openOrder(number);
    await expect(admin.amount).toHaveValue(typed(price * 3));
    await admin.refund('5.00');
    await expect(admin.said).toHaveText('Refunded $5.00.');
    await expect(admin.said).toBeFocused();
    await expect(admin.said).toBeInViewport();
    await expect(admin.fact('Status')).toHaveText('Partially refunded');
    await expect(admin.fact('Refunded')).toHaveText(`$5.00 of ${dollars(price * 3)}`);

    await admin.refundPieces(2, 1);
    await expect(admin.said).toHaveText(`Refunded ${dollars(price * 2)}.`);
    await order.open(path);
    await order.expectStatus('Partially refunded');
    await expect(order.refunded).toHaveText(`Refunded: ${dollars(price * 2 + 500)} of ${dollars(price * 3)}`);

    await admin.open(`/admin/orders/${number}`);
    await admin.refundButton.click();
    await admin.confirmRefund();
    await expect(admin.said).toHaveText(`Refunded ${dollars(price - 500)}.`);
    await expect(admin.refundButton).toHaveCount(0);
    await order.open(path);
    await order.expectStatus('Refunded');
  });

  test('an order page that is looked at again says that the money went back', async ({ page, shopper, order, sandbox }) => {
    await shopper.buy('twill', 'A4');
    await sandbox.refund(await sandbox.charge());
    await expect(async () => {
      await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
      await expect(order.status).toHaveText('Refunded', { timeout: 1000 });
    }).toPass();
  });

  test('the amount follows the chosen pieces until another is typed', async ({ shopper, admin, server, page }) => {
    const { number, price } = await shopper.buy('twill', 'A4', 3);
    await admin.signIn(server.password);
    await admin.openOrder(number);
    await page.getByText('Choose pieces').click();
    const quantity = page.getByRole('spinbutton', { name: /^Refunded pieces/ });
    await quantity.fill('2');
    await expect(admin.amount).toHaveValue(typed(price * 2));
    await quantity.fill('');
    await expect(admin.amount).toHaveValue(typed(price * 3));
    await admin.amount.fill('1.00');
    await quantity.fill('1');
    await expect(admin.amount).toHaveValue('1.00');
    await admin.refundButton.click();
    await expect(admin.notice).toContainText(`The chosen pieces cost ${dollars(price)}.`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Refund $1.00?');
  });

  test('Enter in a field moves no money', async ({ shopper, admin, server, sandbox, page }) => {
    const { number, price } = await shopper.buy('twill', 'A4');
    await admin.signIn(server.password);
    for (const field of ['Amount', 'Note']) {
      await admin.open(`/admin/orders/${number}`);
      await page.getByLabel(field, { exact: true }).press('Enter');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Refund ${dollars(price)}?`);
      await expect(admin.main).toContainText('@example.com');
      await expect(admin.fact('Left afterwards')).toHaveText(`$0.00 of ${dollars(price)}`);
      await page.keyboard.press('Enter');
      await expect(admin.confirmButton).toBeVisible();
    }
    expect(await sandbox.refunds()).toHaveLength(0);
  });

  test('more than what is left is refused, and what was typed is kept', async ({ shopper, admin, server, sandbox }) => {
    const { number, price } = await shopper.buy('twill', 'A4');
    await admin.signIn(server.password);
    await admin.openOrder(number);
    await admin.askRefund(typed(price + 1));
    await expect(admin.notice).toHaveText(`That is more than the ${dollars(price)} that can still be refunded.`);
    await expect(admin.amount).toHaveValue(typed(price + 1));
    await admin.askRefund('a lot');
    await expect(admin.notice).toContainText('That is not an amount.');
    expect(await sandbox.refunds()).toHaveLength(0);
  });

  test('a double click refunds once', async ({ shopper, admin, server, sandbox }) => {
    const { number, price } = await shopper.buy('twill', 'A4', 2);
    await admin.signIn(server.password);
    await admin.openOrder(number);
    await admin.amount.fill('1.00');
    await admin.refundButton.dblclick();
    await admin.confirmButton.dblclick();
    await expect(admin.said).toHaveText('Refunded $1.00.');
    expect((await sandbox.refunds()).map(({ amount }) => amount)).toEqual([100]);
    await expect(admin.fact('Refunded')).toHaveText(`$1.00 of ${dollars(price * 2)}`);
  });

  test('a refund made at Stripe shows as one made here, and one that fails can be given again', async ({
    shopper,
    order,
    admin,
    server,
    sandbox,
  }) => {
    const { number, path, price } = await shopper.buy('twill', 'A4');
    const refund = await sandbox.refund(await sandbox.charge());
    await order.becomes('Refunded', path);
    await admin.signIn(server.password);
    await admin.openOrder(number);
    await expect(admin.fact('Made')).toHaveText('In Stripe');
    await expect(admin.refundButton).toHaveCount(0);

    await sandbox.fail(refund);
    await order.becomes('Paid', path);
    await admin.open(`/admin/orders/${number}`);
    await expect(admin.fact('Status')).toHaveText('Refund failed');
    await expect(admin.fact('Amount')).toContainText('Failed');
    await expect(admin.amount).toHaveValue(typed(price));
  });

  test('a disputed payment tells the owner until when to answer, and is not refunded', async ({
    shopper,
    admin,
    server,
    sandbox,
    page,
  }) => {
    const { number, price } = await shopper.buy('twill', 'A4');
    const dispute = await sandbox.dispute(await sandbox.charge());
    await admin.signIn(server.password);
    await expect(async () => {
      await admin.open();
      const row = page.getByRole('row').filter({ hasText: number });
      await expect(row).toContainText('Disputed: answer', { timeout: 500 });
    }).toPass();
    await admin.openOrder(number);
    await expect(admin.notice).toContainText(/Answer by \d{4}-\d\d-\d\d/);
    await expect(admin.fact('Reason')).toHaveText('product not received');
    await expect(admin.fact('Amount')).toHaveText(dollars(price));
    await expect(admin.refundButton).toHaveCount(0);
    await expect(admin.main).toContainText('a refund would pay the shopper twice');

    await page.getByRole('link', { name: 'Answer in the Stripe Dashboard' }).click();
    await expect(page).toHaveURL(`${sandbox.url}/payments/${(await sandbox.charge()).payment_intent}`);
    await expect(page.getByRole('button', { name: 'Win' })).toBeVisible();

    await sandbox.win(dispute);
    await expect(async () => {
      await admin.open(`/admin/orders/${number}`);
      await expect(admin.refundButton).toBeVisible({ timeout: 500 });
    }).toPass();
    await expect(admin.notice).toHaveCount(0);
  });

  test('an order is marked as shipped, and the shopper sees how', async ({ shopper, order, admin, server }) => {
    const { number, path } = await shopper.buy('twill', 'A4');
    await admin.signIn(server.password);
    await admin.openOrder(number);
    await admin.ship('Postal Service', 'PS 123 456');
    await expect(admin.said).toHaveText('Marked as shipped.');
    await order.open(path);
    await expect(order.shipped).toHaveText('Shipped with Postal Service. Tracking number: PS 123 456');
  });
});
