import type { Page } from '@playwright/test';

import { expect, test } from '../fixtures/test.ts';

/** Holds the answers about the cart until the result is called. */
async function holdAnswers(page: Page): Promise<() => void> {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/api/view_cart', async (route) => {
    await held;
    await route.continue();
  });
  return release;
}

test('taps while an answer is on its way add what was meant once', async ({ page, product, store }) => {
  await product.open('arcade');
  const release = await holdAnswers(page);
  await product.addButton.click();
  await expect(product.addButton).toHaveAttribute('aria-busy', 'true');
  for (let tap = 0; tap < 3; tap += 1) {
    await product.addButton.click();
  }
  release();
  await expect(product.said).toContainText('Added to your cart.');
  await expect(product.addButton).toHaveAttribute('aria-busy', 'false');
  await store.expectInCart(1);
});

test('without an answer nothing is added, and trying again adds once', async ({ page, product, store, errorGuard }) => {
  errorGuard.forgive(/ERR_INTERNET_DISCONNECTED|ERR_FAILED/);
  await product.open('arcade');
  await page.context().setOffline(true);
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await product.addButton.click();
    await expect(product.said).toContainText('nothing was added');
    await expect(product.addButton).toHaveAttribute('aria-busy', 'false');
    await store.expectInCart(0);
  }
  await page.context().setOffline(false);
  await product.addButton.click();
  await expect(product.said).toContainText('Added to your cart.');
  await store.expectInCart(1);
});

test('a browser that refuses cookies is told so', async ({ page, product, store }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set: () => undefined });
  });
  await product.open('arcade');
  await product.addButton.click();
  await expect(product.said).toContainText('Allow cookies');
  await store.expectInCart(0);
  await page.context().clearCookies();
  await store.open('/cart');
  await expect(page.getByText('Allow cookies for this shop')).toBeVisible();
});

test('a removed line gives the focus to the next one and can be brought back', async ({ page, product, cart, store }) => {
  for (const slug of ['arcade', 'low-water', 'regatta']) {
    await product.open(slug);
    await product.add();
  }
  await cart.open();
  const focused = page.locator('.cart-line:focus');
  await cart.line('Arcade').removeButton.click();
  await expect(focused).toContainText('Low Water');
  await expect(page.locator('.cart-removed [role="status"]')).toContainText(/^Removed: Arcade.* Subtotal: \$\d/);
  await cart.line('Regatta').less.click();
  await expect(focused).toContainText('Low Water');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(focused).toContainText('Regatta');
  await cart.line('Regatta').expectQuantity(1);
  await store.expectInCart(2);
  for (const title of ['Regatta', 'Low Water']) {
    await cart.line(title).removeButton.click();
  }
  await cart.expectEmpty();
  await expect(page.getByRole('button', { name: 'Undo' })).toBeFocused();
  await page.getByRole('button', { name: 'Undo' }).click();
  await cart.line('Low Water').expectQuantity(1);
});

test('Checkout waits for amounts that are on their way', async ({ page, product, cart, payPage }) => {
  await product.open('arcade');
  await product.add();
  await cart.open();
  const release = await holdAnswers(page);
  await cart.line('Arcade').more.click();
  await expect(page.locator('.cart')).toHaveClass(/is-stale/);
  await cart.checkout.click();
  await expect(cart.checkout).toHaveAttribute('aria-busy', 'true');
  await expect(page).toHaveURL(/\/cart$/);
  release();
  await payPage.expectOpen();
});

test('what is sold out is set apart and the rest is paid', async ({ page, product, cart }) => {
  await product.open('arcade');
  await product.add();
  await product.open('fern');
  await page.locator('form.buy').evaluate((form: HTMLFormElement) => {
    form.querySelectorAll('input[name=variant]').forEach((input) => input.remove());
    form.insertAdjacentHTML('beforeend', '<input type="hidden" name="variant" value="fern-a2-oak">');
    form.submit();
  });
  await cart.expectOpen();
  await expect(cart.line('Fern').notice).toContainText('Sold out');
  await cart.checkOut();
});
