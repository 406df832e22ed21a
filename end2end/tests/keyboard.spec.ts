import { expect, type Locator, type Page } from '@playwright/test';

import { test } from '../fixtures/test.ts';

/** Tabs on until something has the focus, and sees at every stop on the way that the focus is visible. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let stop = 0; stop < 60; stop += 1) {
    await page.keyboard.press('Tab');
    await expectVisibleFocus(page);
    if (await target.evaluate((element) => element === document.activeElement)) {
      return;
    }
  }
  throw new Error(`Tab does not lead to ${target}`);
}

async function expectVisibleFocus(page: Page): Promise<void> {
  const focused = page.locator(':focus');
  await expect(focused, 'what has the focus is on the screen').toBeInViewport();
  const outline = await focused.evaluate((element) => {
    // A radio button's frame is drawn around its label.
    const drawn = [element, element.closest('label')].filter((it) => it !== null);
    const widths = drawn.map((it) => getComputedStyle(it)).map((it) => (it.outlineStyle === 'none' ? 0 : parseFloat(it.outlineWidth)));
    return Math.max(...widths);
  });
  expect(outline, `the focus is drawn on ${focused}`).toBeGreaterThanOrEqual(2);
}

test('the first stop of the keyboard skips to the content', async ({ page, store }) => {
  await store.open();
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to content' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport({ ratio: 1 });
  await page.keyboard.press('Enter');
  await expect(store.main).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(store.main.getByRole('link').first()).toBeFocused();
});

test('a print is bought with the keyboard alone, up to the pay page', async ({ page, store, product, cart, payPage }) => {
  await store.open();
  await tabTo(page, store.main.getByRole('link', { name: /Low Water/ }));
  await page.keyboard.press('Enter');
  await expect(store.heading).toHaveText('Low Water');
  await store.expectInCart(0);

  await tabTo(page, product.variant('A4 / Matte'));
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(product.variant('A3 / Matte')).toBeChecked();
  await expect(product.variant('A3 / Matte')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(product.quantity).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(product.quantity).toHaveValue('2');
  await tabTo(page, product.addButton);
  await page.keyboard.press('Enter');
  await expect(product.said).toContainText('Added to your cart.');
  await store.expectInCart(2);
  await tabTo(page, page.getByRole('link', { name: 'Review and pay' }));
  await page.keyboard.press('Enter');

  await cart.expectOpen();
  const line = cart.line('Low Water', 'A3 / Matte');
  await line.expectQuantity(2);
  await tabTo(page, line.more);
  await page.keyboard.press('Space');
  await line.expectQuantity(3);
  await expect(line.more, 'the focus stays where it was').toBeFocused();
  await tabTo(page, cart.checkout);
  await page.keyboard.press('Enter');
  await payPage.expectOpen();
});
