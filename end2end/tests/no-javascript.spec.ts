import { askForGift } from '../fixtures/gift.ts';
import { createKitchenSinkSession } from '../fixtures/kitchen-sink-session.ts';
import { cards, dollars, expect, needsSandbox, test } from '../fixtures/test.ts';

test.beforeEach(({ errorGuard }) => {
  // The WASM that a page preloads is of no use to a browser without scripts, which says so after some seconds.
  errorGuard.forgive(/was preloaded using link preload but not used/);
});

test('a whole purchase works without JavaScript', async ({ page, store, product, cart, payPage, order }) => {
  await store.open();
  await store.follow('Herbarium');
  await store.follow('Nine Sprigs');
  const price = await product.price('A3 / Matte');
  await product.choose('A3 / Matte');
  await product.add(2);
  await cart.expectOpen();
  await store.expectInCart(2);
  const line = cart.line('Nine Sprigs', 'A3 / Matte');
  await line.expectQuantity(2);
  await cart.expectSubtotal(price * 2);

  await line.quantity.fill('5');
  await line.update.click();
  await line.expectQuantity(5);
  await line.quantity.fill('4');
  await line.quantity.press('Enter');
  await line.expectQuantity(4);
  await line.more.click();
  await line.expectQuantity(5);
  await line.less.click();
  await line.expectQuantity(4);
  await cart.expectSubtotal(price * 4);

  await product.open('eddy');
  await product.choose('A4');
  await product.add();
  await expect(cart.lines).toHaveCount(2);
  await store.expectInCart(5);
  await cart.line('Eddy').removeButton.click();
  await expect(cart.lines).toHaveCount(1);
  await cart.expectSubtotal(price * 4);

  await cart.checkOut();
  await payPage.payWith(cards.visa, 'lynx@example.com');
  await order.expectStatus('Paid');
  await order.expectLine('Nine Sprigs', 'A3 / Matte', price, 4);
  await order.expectTotal(price * 4);
  await expect(page.getByText('lynx@example.com')).toBeVisible();
  await cart.open();
  await cart.expectEmpty();
  await store.expectInCart(0);
});

test('without JavaScript a quantity that is no number is said in words', async ({ product, cart }) => {
  await product.open('eddy');
  await product.choose('A4');
  await product.add();
  await cart.line('Eddy').quantity.fill('');
  await cart.line('Eddy').update.click();
  await expect(cart.notice).toContainText('The quantity must be a whole number');
  await cart.line('Eddy').expectQuantity(1);
});

test('without JavaScript adding more than there is says how many there are', async ({ product, cart }) => {
  await product.open('notebook');
  await product.choose('Dotted');
  await product.add(7);
  await expect(cart.line('Wheel Notebook').notice).toContainText('Only 2 left');
  await cart.line('Wheel Notebook').expectQuantity(2);
});

test('without JavaScript a declined card and 3-D Secure work, too', async ({ product, cart, payPage, order }) => {
  await product.open('eddy');
  await product.choose('A3');
  await product.add();
  await cart.checkOut();
  await payPage.payWith(cards.declined);
  await payPage.expectRefused(/declined/i);
  await payPage.payWith(cards.threeDSecure);
  await payPage.complete3DS();
  await order.expectStatus('Paid');
});

test('without JavaScript nobody pays another total than was shown', { tag: needsSandbox.tag }, async ({
  page,
  payPage,
  sandbox,
}) => {
  const { session, code } = await askForGift(sandbox, sandbox.url);
  await page.goto(session.url ?? '');
  await payPage.shipToBerlin();
  await payPage.applyCode(code);
  await payPage.expectTotal('$18.00');
  await payPage.chooseShipping('Express');
  await payPage.payWith(cards.visa);
  await expect(page.getByRole('alert')).toContainText('The total is $33.00 now. Nothing was charged');
  expect((await sandbox.retrieveSession(session.id)).status).toBe('open');

  await payPage.chooseShipping('Ground');
  await page.getByRole('button', { name: 'Update total' }).click();
  await payPage.expectTotal('$18.00');
  await payPage.payButton.click();
  await expect(page.getByRole('heading', { name: 'Payments' })).toBeVisible();
  const paid = await sandbox.retrieveSession(session.id);
  expect(paid).toMatchObject({ status: 'complete', amount_total: 1800 });
});

test('without JavaScript quantities and items are taken by buttons', { tag: needsSandbox.tag }, async ({
  page,
  payPage,
  sandbox,
}) => {
  const session = await createKitchenSinkSession(sandbox);
  await page.goto(session.url ?? '');
  await payPage.answer('For Grace');
  const quantity = payPage.quantity('Beeswax candle');
  const update = page.getByRole('button', { name: 'Update quantities' });
  await quantity.fill('9');
  await update.click();
  await expect(quantity).toHaveAccessibleDescription('The quantity of this item must be from 1 to 5.');
  await expect(quantity).toHaveValue('9');
  await expect(quantity).toBeFocused();
  await quantity.fill('2');
  await update.click();
  await expect(update).toBeFocused();
  await payPage.expectTotal('$24.00');
  await payPage.addButton('Long matches').click();
  await expect(payPage.removeButton('Long matches')).toBeFocused();
  await payPage.expectTotal('$30.00');
  await payPage.payWith(cards.visa);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payments');
  expect(await sandbox.retrieveSession(session.id)).toMatchObject({
    amount_total: 3000,
    custom_fields: [{ text: { value: 'For Grace' } }, { dropdown: { value: 'moss' } }],
  });
});

test('without JavaScript a waiting order looks again by itself until it is paid', { tag: needsSandbox.tag }, async ({
  page,
  product,
  cart,
  payPage,
  order,
  sandbox,
}) => {
  await sandbox.deliverWebhooks('held');
  await product.open('eddy');
  await product.choose('A2');
  await product.add();
  await cart.checkOut();
  await payPage.payAndNeverReturn(cards.visa);
  const path = sandbox.orderPath(await sandbox.session());
  const refresh = /<noscript>\s*<meta http-equiv="refresh" content="\d+"/;
  expect(await (await page.request.get(path)).text()).toMatch(refresh);
  await order.open(path);
  await order.expectStatus('Waiting for payment');

  await sandbox.deliverWebhooks('immediate');
  await order.expectStatus('Paid');
  expect(await (await page.request.get(path)).text()).not.toMatch(refresh);
});

test('without JavaScript the owner gives money back by the piece', async ({
  shopper,
  admin,
  server,
}) => {
  const { number, price } = await shopper.buy('twill', 'A4', 2);
  await admin.signIn(server.password);
  await admin.openOrder(number);
  await admin.refundPieces(1, 0);
  await expect(admin.said).toHaveText(`Refunded ${dollars(price)}.`);
});

test('without JavaScript the owner signs in, sees an order and signs out', async ({ admin, server, page }) => {
  await admin.open();
  await admin.expectDoor();
  await admin.signIn(server.password);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Orders');
  await admin.signOut();
});
