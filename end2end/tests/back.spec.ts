import { launchOptions } from '../fixtures/browser.ts';
import { cards, expect, needsSandbox, test } from '../fixtures/test.ts';

// Browsers keep a page in memory for the way back; Playwright switches that off unless asked.
test.use({ launchOptions: { ...launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache'] } });

test('a cart that comes back out of the browser’s memory can be checked out again', { tag: needsSandbox.tag }, async ({
  page,
  product,
  cart,
  payPage,
  order,
  sandbox,
}) => {
  await product.open('bookmarks');
  const price = await product.price();
  await product.add();
  await cart.open();
  await page.evaluate(() =>
    addEventListener('pageshow', ({ persisted }) => (document.documentElement.dataset.persisted = String(persisted))),
  );
  await cart.checkOut();
  const address = page.url();

  await page.evaluate(() => history.back());
  await expect(page).toHaveURL(/\/cart$/);
  await expect(page.locator('html'), 'it came out of memory').toHaveAttribute('data-persisted', 'true');
  await expect(cart.checkout).toHaveAttribute('aria-busy', 'false');
  await expect(cart.checkout).toBeEnabled();
  await cart.line('Five Bookmarks').expectQuantity(1);

  await cart.checkOut();
  expect(page.url(), 'it is the same pay page').toBe(address);
  await payPage.payWith(cards.visa);
  await order.expectStatus('Paid');
  await sandbox.session();
  expect(await sandbox.charges()).toMatchObject([{ amount: price }]);
});
