import { expect, test } from '../fixtures/test.ts';

test('the address of an order that does not exist tells nothing', async ({ page, store, errorGuard }) => {
  errorGuard.expectStatus(404, /\/orders\//);
  for (const token of ['0123456789abcdef0123456789abcdef', 'x', '1']) {
    await store.open(`/orders/${token}`);
    await expect(store.heading).toHaveText('Page not found');
    await expect(page.getByRole('status')).toHaveCount(0);
    await expect(page.getByRole('table')).toHaveCount(0);
  }
  // What could be read in two ways is refused before there is a page.
  expect((await page.request.get('/orders/%00')).status()).toBe(404);
});

test('an order’s number is no way to its page, and neither is a token cut short', async ({
  store,
  shopper,
  anotherShopper,
  errorGuard,
}) => {
  const { number, path: pathname } = await shopper.buy('bookmarks');

  const stranger = await anotherShopper();
  errorGuard.expectStatus(404, /\/orders\//);
  for (const path of [`/orders/${number}`, pathname.slice(0, -1), pathname.toUpperCase().replace('/ORDERS', '/orders')]) {
    await stranger.store.open(path);
    await expect(stranger.store.heading, path).toHaveText('Page not found');
    await expect(stranger.store.main).not.toContainText('Five Bookmarks');
  }
  await expect(store.heading).toHaveText(`Order ${number}`);
});

test('an address that is nothing is a page that leads back', async ({ store, errorGuard }) => {
  errorGuard.expectStatus(404, /\/nowhere/);
  await store.open('/nowhere');
  await expect(store.heading).toHaveText('Page not found');
  await store.main.getByRole('link', { name: 'Browse the store' }).click();
  await expect(store.heading).toHaveText('All prints');
});
