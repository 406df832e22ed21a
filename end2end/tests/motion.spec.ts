import type { Page } from '@playwright/test';

import { expect, needsSandbox, test } from '../fixtures/test.ts';

/** Whether the page appeared with a transition from the one before. */
async function watchTransitions(page: Page): Promise<() => Promise<string | null>> {
  await page.addInitScript(() => {
    addEventListener('pagereveal', ({ viewTransition }) => {
      document.documentElement.dataset.transition = String(viewTransition !== null);
    });
  });
  return () => page.locator('html').getAttribute('data-transition');
}

for (const [reducedMotion, moves] of [
  ['no-preference', true],
  ['reduce', false],
] as const) {
  test(`with a preference for motion of "${reducedMotion}" things ${moves ? 'move' : 'keep still'}`, {
    tag: needsSandbox.tag,
  }, async ({ page, store, product, cart, order, sandbox }) => {
    await page.emulateMedia({ reducedMotion });
    const hasTransition = await watchTransitions(page);
    await store.open();
    await store.follow('Pattern Room');
    expect(await hasTransition()).toBe(String(moves));
    const picture = store.main.getByRole('listitem').getByRole('img').first();
    await expect(picture).toHaveCSS('transition-duration', moves ? '0.3s' : '0s');

    await product.open('terrazzo');
    await product.choose('10 sheets');
    await product.add();
    await cart.open();
    await cart.checkOut();
    await order.open(sandbox.orderPath(await sandbox.session()));
    await order.expectStatus('Waiting for payment');
    const dot = await order.status.evaluate((element) => getComputedStyle(element, '::after').animationName);
    expect(dot).toBe(moves ? 'breathe' : 'none');
  });
}
