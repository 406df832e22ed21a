import { expect, needsSandbox, test } from '../fixtures/test.ts';

const pages = ['/', '/products', '/collections/tides', '/products/low-water', '/cart', '/admin/login'];

test('the header says on every page how much is in the cart', async ({ store, product }) => {
  await product.open('pebbles');
  await store.expectInCart(0);
  await product.choose('8×10 in / Satin');
  await product.add(2);
  await store.expectInCart(2);
  for (const path of pages) {
    await store.open(path);
    await store.expectInCart(2);
  }
});

test('the header follows a cart that another tab changed, once it is looked at again', async ({
  shopper,
  product,
  store,
}) => {
  await product.open('pebbles');
  await product.add();
  const other = await shopper.secondTab();
  await other.store.open('/products');
  await other.store.expectInCart(1);
  await product.add();
  await store.expectInCart(2);
  // Without a window no tab is ever hidden, so the browser does not say this by itself.
  await other.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
  await other.store.expectInCart(2);
});

test('a cart that another tab changed is shown before it is paid', { tag: needsSandbox.tag }, async ({
  page,
  shopper,
  product,
  cart,
  payPage,
}) => {
  await product.open('bookmarks');
  const price = await product.price();
  await product.add();
  await cart.open();
  const other = await shopper.secondTab();
  await other.product.open('bookmarks');
  await other.product.add(2);

  await cart.checkout.click();
  await expect(cart.notice).toContainText('changed in another window');
  await cart.line('Five Bookmarks').expectQuantity(3);
  await cart.expectSubtotal(price * 3);
  await expect(page).toHaveURL(/\/cart$/);

  // Looked at again, it follows by itself.
  await other.cart.open();
  await other.cart.line('Five Bookmarks').less.click();
  await other.cart.line('Five Bookmarks').expectQuantity(2);
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
  await cart.line('Five Bookmarks').expectQuantity(2);
  await cart.expectSubtotal(price * 2);
  await cart.checkOut();
  await expect(payPage.payButton).toBeVisible();
});

test('a quantity changes by stepper, by typing and by keyboard, and the amounts follow', async ({
  product,
  cart,
  store,
}) => {
  await product.open('arcade');
  const price = await product.price('A3');
  await product.choose('A3');
  await product.add();
  await cart.open();
  const line = cart.line('Arcade', 'A3');

  await line.more.click();
  await line.expectQuantity(2);
  await cart.expectSubtotal(price * 2);
  await line.less.click();
  await line.expectQuantity(1);
  await cart.expectSubtotal(price);

  await cart.setQuantity(line, 5);
  await cart.expectSubtotal(price * 5);

  await line.quantity.press('ArrowUp');
  await line.expectQuantity(6);
  await line.quantity.fill('3');
  await line.quantity.press('Enter');
  await line.expectQuantity(3);
  await line.more.focus();
  await line.more.press('Space');
  await line.expectQuantity(4);
  await cart.expectSubtotal(price * 4);
  await store.expectInCart(4);

  // The server knows it, too.
  await cart.open();
  await line.expectQuantity(4);
  await cart.expectSubtotal(price * 4);
});

test('clicks faster than the server answers all count', async ({ page, product, cart }) => {
  await product.open('arcade');
  const price = await product.price('A4');
  await product.choose('A4');
  await product.add();
  await cart.open();
  const line = cart.line('Arcade', 'A4');
  let answer = (): void => undefined;
  const clicked = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/api/view_cart', async (route) => {
    await clicked;
    await route.continue();
  });
  for (let click = 0; click < 4; click += 1) {
    await line.more.click();
  }
  answer();
  await line.expectQuantity(5);
  await cart.expectSubtotal(price * 5);
});

test('two variants are two lines, and removing one leaves the other', async ({ product, cart, store }) => {
  await product.open('regatta');
  const [small, large] = [await product.price('A4 / Matte'), await product.price('A2 / Matte')];
  await product.choose('A4 / Matte');
  await product.add(2);
  await product.choose('A2 / Matte');
  await product.add();
  await cart.open();
  await expect(cart.lines).toHaveCount(2);
  await cart.expectSubtotal(small * 2 + large);

  await cart.line('Regatta', 'A4 / Matte').removeButton.click();
  await expect(cart.line('Regatta', 'A4 / Matte').item).toBeHidden();
  await expect(cart.line('Regatta', 'A2 / Matte').item).toBeVisible();
  await cart.expectSubtotal(large);
  await store.expectInCart(1);

  await cart.line('Regatta', 'A2 / Matte').removeButton.click();
  await cart.expectEmpty();
  await store.expectInCart(0);
  await cart.open();
  await cart.expectEmpty();
});

test('a quantity that is no number is put back as it was', async ({ product, cart }) => {
  await product.open('arcade');
  await product.choose('A4');
  await product.add(2);
  await cart.open();
  const line = cart.line('Arcade', 'A4');
  await line.quantity.fill('');
  await line.quantity.press('Tab');
  await line.expectQuantity(2);
  await line.quantity.fill('1e1');
  await line.quantity.press('Tab');
  await line.expectQuantity(2);
});

test('a quantity of zero removes the line', async ({ product, cart }) => {
  await product.open('arcade');
  await product.choose('A4');
  await product.add(2);
  await cart.open();
  await cart.line('Arcade', 'A4').quantity.fill('0');
  await cart.line('Arcade', 'A4').quantity.press('Tab');
  await cart.expectEmpty();
});
