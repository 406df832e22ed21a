import { cards, expect, test } from '../fixtures/test.ts';

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
