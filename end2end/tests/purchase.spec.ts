import { cards, cents, expect, test } from '../fixtures/test.ts';

test('a shopper finds a print, chooses a variant, pays, and holds a paid order', async ({
  page,
  store,
  product,
  cart,
  payPage,
  order,
}) => {
  await store.open();
  await store.follow('Tides');
  await store.follow('Low Water');
  const price = await product.price('A3 / Matte');
  await product.choose('A3 / Matte');
  await product.add();
  await store.expectInCart(1);

  await page.getByRole('link', { name: 'Review and pay' }).click();
  await cart.expectOpen();
  const line = cart.line('Low Water', 'A3 / Matte');
  expect(await line.price(), 'the cart asks the price of the product page').toBe(price);
  await cart.setQuantity(line, 2);
  await cart.expectSubtotal(price * 2);
  await store.expectInCart(2);

  await cart.checkOut();
  await payPage.payWith(cards.visa, 'grace@example.com');
  await order.expectStatus('Paid');
  await order.expectLine('Low Water', 'A3 / Matte', price, 2);
  await order.expectTotal(price * 2);
  await expect(store.main).toContainText('grace@example.com');
  await store.expectInCart(0);

  const address = page.url();
  await cart.open();
  await cart.expectEmpty();
  await order.open(address);
  await order.expectStatus('Paid');
  await order.expectTotal(price * 2);
});

test('an order holds everything that was in the cart', async ({ store, product, cart, payPage, order }) => {
  await product.open('eddy');
  const eddy = await product.price('A4');
  await product.choose('A4');
  await product.add(3);
  await product.open('postcards');
  const postcards = await product.price('Two sets of 6');
  await product.choose('Two sets of 6');
  await product.add();
  await store.expectInCart(4);

  await cart.open();
  await cart.expectSubtotal(eddy * 3 + postcards);
  await cart.checkOut();
  await payPage.payWith(cards.mastercard);
  await order.expectStatus('Paid');
  await order.expectLine('Eddy', 'A4', eddy, 3);
  await order.expectLine('Six Views', 'Two sets of 6', postcards, 1);
  expect(cents((await order.total.textContent()) ?? '')).toBe(eddy * 3 + postcards);
});
