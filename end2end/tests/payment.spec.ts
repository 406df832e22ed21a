import { cards, expect, test } from '../fixtures/test.ts';

test.beforeEach(async ({ product, cart }) => {
  await product.open('bookmarks');
  await product.add();
  await cart.open();
  await cart.checkOut();
});

test('a declined card stays on the pay page, where another card pays', async ({ payPage, order, page }) => {
  await payPage.payWith(cards.declined);
  await payPage.expectRefused(/declined/i);
  const address = page.url();
  await payPage.payWith(cards.insufficientFunds);
  await payPage.expectRefused(/insufficient funds/i);
  expect(page.url(), 'it is the same page').toBe(address);
  await payPage.payWith(cards.visa);
  await order.expectStatus('Paid');
});

test('3-D Secure that the shopper completes pays', async ({ payPage, order }) => {
  await payPage.payWith(cards.threeDSecure);
  await payPage.complete3DS();
  await order.expectStatus('Paid');
});

test('3-D Secure that fails leads back to the pay page, where another card pays', async ({ payPage, order }) => {
  await payPage.payWith(cards.threeDSecure);
  await payPage.fail3DS();
  await payPage.expectRefused(/unable to authenticate/i);
  await payPage.payWith(cards.visa);
  await order.expectStatus('Paid');
});
