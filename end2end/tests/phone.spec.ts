import { askForGift } from '../fixtures/gift.ts';
import { cards, expect, needsSandbox, test } from '../fixtures/test.ts';

test('a print is bought on a phone', async ({ page, store, product, cart, payPage, order }) => {
  await store.open();
  await store.main.getByRole('link', { name: 'Browse all prints' }).tap();
  await expect(store.heading).toHaveText('All prints');
  await store.follow('June Meadow');
  const price = await product.price('A4 / Framed oak');
  await product.variant('A4 / Framed oak').tap();
  await product.addButton.tap();
  await expect(product.said).toContainText('Added to your cart.');
  await store.cartLink.tap();
  await cart.expectOpen();
  const line = cart.line('June Meadow');
  await line.more.tap();
  await line.expectQuantity(2);
  await cart.checkOut();
  await payPage.payWith(cards.visa);
  await order.expectStatus('Paid');
  await order.expectLine('June Meadow', 'A4 / Framed oak', price, 2);
  await order.expectTotal(price * 2);
  await expect(page.getByRole('table')).toBeInViewport();
});

test('a code and a way to ship are chosen on a phone', { tag: needsSandbox.tag }, async ({ page, payPage, sandbox }) => {
  const { session, code } = await askForGift(sandbox, sandbox.url);
  await page.goto(session.url ?? '');
  await payPage.applyCode(code);
  await payPage.shipToBerlin();
  await payPage.chooseShipping('Express');
  await payPage.expectTotal('$33.00');
  await payPage.payWith(cards.visa);
  await expect(page.getByRole('heading', { name: 'Payments' })).toBeVisible();
  const paid = await sandbox.retrieveSession(session.id);
  expect(paid).toMatchObject({ status: 'complete', amount_total: 3300 });
  expect(paid.collected_information.shipping_details?.address.city).toBe('Berlin');
});
