import { cards, dollars, expect, needsSandbox, test } from '../fixtures/test.ts';

test('the owner’s side shows everybody else the door', async ({ admin, page }) => {
  for (const path of ['/admin', '/admin/orders', '/admin/orders/1', '/admin/nothing']) {
    await admin.open(path);
    await admin.expectDoor();
  }
  await expect(page.getByRole('table')).toHaveCount(0);
});

test('a wrong password is told so, and the right one opens', async ({ admin, server, page, context }) => {
  await admin.open('/admin/login');
  await admin.tryPassword('not the password');
  await admin.expectDoor();
  await expect(admin.notice).toHaveText('That is not the password.');
  await admin.signIn(server.password);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Orders');
  const session = (await context.cookies()).find(({ name }) => name === 'admin_session');
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
});

test('the owner sees the newest order first, and everything about it', async ({
  admin,
  server,
  product,
  cart,
  payPage,
  order,
}) => {
  const bought: { number: string; amount: string; email: string }[] = [];
  for (const quantity of [1, 2]) {
    await product.open('twill');
    const price = await product.price('A4');
    await product.choose('A4');
    await product.add(quantity);
    await cart.open();
    await cart.checkOut();
    const email = `shopper-${quantity}@example.com`;
    await payPage.payWith(cards.visa, email);
    await order.expectStatus('Paid');
    bought.unshift({ number: await order.number(), amount: dollars(price * quantity), email });
  }
  await admin.signIn(server.password);
  for (const [position, { number, amount, email }] of bought.entries()) {
    const row = admin.rows.nth(position);
    await expect(row.getByRole('rowheader')).toHaveText(number);
    await expect(row.getByRole('cell')).toHaveText(['Paid', 'To pack', amount, /^\d{4}-\d\d-\d\d \d\d:\d\d UTC$/, email]);
  }

  const newest = bought[0];
  await admin.openOrder(newest?.number ?? '');
  await expect(admin.fact('Status')).toHaveText('Paid');
  await expect(admin.fact('E-mail')).toHaveText(newest?.email ?? '');
  await expect(admin.fact('PaymentIntent')).toHaveText(/^pi_/);
  await expect(order.rows).toHaveCount(1);
  await expect(order.rows).toContainText('TWIL-A4');
  await expect(order.total).toHaveText(newest?.amount ?? '');
});

test('an order that was not paid is not on the owner’s list', { tag: needsSandbox.tag }, async ({
  admin,
  server,
  page,
  product,
  cart,
  payPage,
  order,
  sandbox,
}) => {
  await product.open('twill');
  await product.choose('A3');
  await product.add();
  await cart.open();
  await cart.checkOut();
  await order.open(sandbox.orderPath(await sandbox.session()));
  const number = await order.number();
  await admin.signIn(server.password);
  const link = page.getByRole('link', { name: number, exact: true });
  await expect(link).toHaveCount(0);

  await cart.open();
  await cart.checkOut();
  await payPage.payWith(cards.visa);
  await order.expectStatus('Paid');
  await admin.open();
  await expect(link).toBeVisible();
});

test('signing out ends the session, also for whoever kept its cookie', async ({ admin, server, context }) => {
  await admin.signIn(server.password);
  const kept = (await context.cookies()).filter(({ name }) => name === 'admin_session');
  expect(kept).toHaveLength(1);
  await admin.signOut();
  await admin.open('/admin/orders');
  await admin.expectDoor();
  await context.addCookies(kept);
  await admin.open('/admin/orders');
  await admin.expectDoor();
});
