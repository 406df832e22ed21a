import { cards, expect, needsSandbox, type Shopper, test } from '../fixtures/test.ts';

const { tag } = needsSandbox;

async function fillCart({ product, cart }: Shopper): Promise<number> {
  await product.open('postcards');
  const price = await product.price('One set of 6');
  await product.choose('One set of 6');
  await product.add();
  await cart.open();
  return price;
}

test('canceling on the pay page keeps the cart, and the next checkout leads to the same payment', { tag }, async ({
  shopper,
  page,
  cart,
  payPage,
  order,
  sandbox,
}) => {
  const price = await fillCart(shopper);
  await cart.checkOut();
  const address = page.url();
  await payPage.cancel();
  await cart.expectOpen();
  await cart.line('Six Views').expectQuantity(1);
  await cart.expectSubtotal(price);

  await cart.checkOut();
  expect(page.url(), 'it is the same pay page').toBe(address);
  await payPage.payWith(cards.visa);
  await order.expectStatus('Paid');
  expect((await sandbox.session()).amount_total).toBe(price);
  expect(await sandbox.charges()).toMatchObject([{ amount: price }]);
});

test('a cart that changed after canceling is paid as it is now, and the old payment is closed', { tag }, async ({
  shopper,
  page,
  cart,
  payPage,
  order,
  sandbox,
  errorGuard,
}) => {
  const price = await fillCart(shopper);
  await cart.checkOut();
  const old = page.url();
  await payPage.cancel();
  await cart.expectOpen();
  await cart.setQuantity(cart.line('Six Views'), 3);
  await cart.checkOut();
  const current = page.url();
  expect(current).not.toBe(old);

  errorGuard.expectStatus(410, /\/c\/pay\//);
  await page.goto(old);
  await expect(page.getByRole('heading', { name: 'This payment page has expired' })).toBeVisible();
  await page.goto(current);
  await payPage.payWith(cards.visa);
  await order.expectStatus('Paid');
  await order.expectTotal(price * 3);
  expect((await sandbox.sessions()).map(({ status }) => status)).toEqual(['complete', 'expired']);
  expect(await sandbox.charges()).toMatchObject([{ amount: price * 3 }]);
});

test('a double click on Checkout makes one order', { tag }, async ({ shopper, cart, payPage, order, sandbox }) => {
  const price = await fillCart(shopper);
  await cart.checkout.dblclick();
  await payPage.expectOpen();
  expect((await sandbox.session()).amount_total).toBe(price);
  await payPage.payWith(cards.visa);
  await order.expectStatus('Paid');
  expect(await sandbox.charges()).toHaveLength(1);
});

test('two tabs that check out at the same moment get the same pay page', { tag }, async ({ shopper, cart, sandbox }) => {
  await fillCart(shopper);
  const other = await shopper.secondTab();
  await other.cart.open();
  await Promise.all([cart.checkOut(), other.cart.checkOut()]);
  expect(other.page.url()).toBe(shopper.page.url());
  await sandbox.session();
});

test('after paying in one tab, Checkout in another tab of the same cart charges nothing more', { tag }, async ({
  shopper,
  store,
  cart,
  payPage,
  order,
  sandbox,
}) => {
  await fillCart(shopper);
  const other = await shopper.secondTab();
  await other.cart.open();
  await cart.checkOut();
  await payPage.payWith(cards.visa);
  await order.expectStatus('Paid');
  await store.expectInCart(0);

  await other.cart.checkout.click();
  await other.cart.expectOpen();
  await other.cart.expectEmpty();
  await sandbox.session();
  expect(await sandbox.charges()).toHaveLength(1);
});

test('Checkout of a cart that was paid, by a shopper who never came back, leads to the paid order', { tag }, async ({
  shopper,
  cart,
  payPage,
  order,
  sandbox,
}) => {
  const price = await fillCart(shopper);
  await sandbox.deliverWebhooks('held');
  await cart.checkOut();
  await payPage.payAndNeverReturn(cards.visa);

  await cart.open();
  await cart.checkout.click();
  await order.expectStatus('Paid');
  await order.expectTotal(price);
  await sandbox.session();
  expect(await sandbox.charges()).toHaveLength(1);
  await cart.open();
  await cart.expectEmpty();
});

test('the same print can be bought again after it was paid', { tag }, async ({
  shopper,
  cart,
  payPage,
  order,
  sandbox,
}) => {
  for (const bought of [1, 2]) {
    await fillCart(shopper);
    await cart.checkOut();
    await payPage.payWith(cards.visa);
    await order.expectStatus('Paid');
    expect(await sandbox.charges()).toHaveLength(bought);
  }
});
