import { expect, test } from '../fixtures/test.ts';

test('a product that is sold out says so and offers no way to add it', async ({ store, product }) => {
  await store.open('/products');
  await expect(store.main.getByRole('link', { name: /Slack Tide/ })).toContainText('Sold out');
  await store.follow('Slack Tide');
  await expect(store.main.getByText('Sold out', { exact: true })).toBeVisible();
  await expect(product.addButton).toHaveCount(0);
});

test('a variant that is sold out cannot be chosen', async ({ product }) => {
  await product.open('fern');
  await expect(product.variant('A2 / Framed oak')).toBeDisabled();
  await expect(product.variant('A2 / Matte')).toBeEnabled();
});

test('a form that adds what is sold out anyway leads to a cart that cannot be paid', async ({ page, product, cart }) => {
  await product.open('fern');
  await page.locator('form.buy').evaluate((form: HTMLFormElement) => {
    form.querySelectorAll('input[name=variant]').forEach((input) => input.remove());
    form.insertAdjacentHTML('beforeend', '<input type="hidden" name="variant" value="fern-a2-oak">');
    form.submit();
  });
  await cart.expectOpen();
  await expect(cart.line('Fern').notice).toContainText('Sold out');
  await cart.expectSubtotal(0);
  await cart.checkout.click();
  await cart.expectOpen();
  await expect(cart.notice).toContainText('check your cart');
});

test('adding more than there is says how many there are', async ({ store, product, cart }) => {
  await product.open('desk-waves');
  await product.tryToAdd(5);
  await expect(product.said).toContainText('Only 2 left, so the quantity was lowered.');
  await store.expectInCart(2);
  await cart.open();
  await cart.line('Desk Print').expectQuantity(2);
  await expect(cart.line('Desk Print').more).toBeDisabled();
  await cart.line('Desk Print').quantity.fill('9');
  await cart.line('Desk Print').quantity.press('Tab');
  await expect(cart.line('Desk Print').notice).toContainText('Only 2 left');
  await cart.line('Desk Print').expectQuantity(2);
});

test('what another shopper is paying for right now is not sold twice', async ({ shopper, anotherShopper }) => {
  const other = await anotherShopper();
  for (const { product, cart } of [shopper, other]) {
    await product.open('planisphere');
    await product.choose('A2 / Framed oak');
    await product.add();
    await cart.open();
  }
  await shopper.cart.checkOut();
  await other.cart.checkout.click();
  await other.cart.expectOpen();
  await expect(other.cart.line('Planisphere').notice).toContainText('In somebody\'s checkout');
});
