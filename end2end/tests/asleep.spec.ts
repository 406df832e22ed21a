import type { Page } from '@playwright/test';

import { cards, dollars, expect, needsSandbox, test } from '../fixtures/test.ts';

const { tag } = needsSandbox;

/** What keeps the islands of a page asleep, though the browser runs scripts. */
const obstacles: Record<string, (page: Page) => Promise<unknown>> = {
  'no WebAssembly': (page) => page.addInitScript(() => Reflect.deleteProperty(window, 'WebAssembly')),
  'WASM that is blocked': (page) => page.route('**/*.wasm', (route) => route.abort()),
  'WASM that is broken': (page) =>
    page.route('**/*.wasm', (route) => route.fulfill({ contentType: 'application/wasm', body: 'no WASM' })),
  'a script that is blocked': (page) => page.route('**/pkg/*.js', (route) => route.abort()),
  'a script that is broken': (page) =>
    page.route('**/pkg/*.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '}' })),
  // The badge wakes first, the lines last; what comes before the broken one has woken already.
  'an error in the first island': (page) => breakIsland(page, '.cart-link'),
  'an error in a form': (page) => breakIsland(page, '.stepper, .buy, .order-status'),
  'an error in the last island': (page) => breakIsland(page, '.order-explained, .buy-said, .notices'),
};

/** Puts a node before those that an island looks for when it wakes. */
async function breakIsland(page: Page, selector: string): Promise<void> {
  await page.addInitScript((broken) => {
    document.addEventListener('readystatechange', () => {
      if (document.readyState === 'interactive') {
        document.querySelector(broken)?.prepend(document.createComment('not from the server'));
      }
    });
  }, selector);
}

for (const [name, put] of Object.entries(obstacles)) {
  test.describe(`with ${name}`, () => {
    test.beforeEach(async ({ page, errorGuard }) => {
      errorGuard.forgive(/islands of this page are asleep|was preloaded|WebAssembly|ERR_FAILED|unreachable|Unexpected token|unwrap/);
      errorGuard.forgive(/instantiateStreaming/);
      await put(page);
    });

    test('forms are plain forms', async ({ page }) => {
      await page.goto('/products/arcade');
      await page.getByRole('radio').first().check();
      await page.locator('input[name="quantity"]').fill('2');
      await page.locator('.buy button').click();
      await expect(page).toHaveURL(/\/cart$/);
      const total = page.locator('.cart-line-total');
      const one = Number((await page.locator('.cart-line-price').innerText()).replace(/\D/g, ''));
      await expect(total).toHaveText(dollars(one * 2));
      await page.getByRole('spinbutton').fill('5');
      await page.getByRole('button', { name: 'Update' }).click();
      await expect(total).toHaveText(dollars(one * 5));
      await page.getByRole('spinbutton').fill('4');
      await page.getByRole('spinbutton').press('Enter');
      await expect(total).toHaveText(dollars(one * 4));
      await page.getByRole('button', { name: /^One more/ }).click();
      await expect(total).toHaveText(dollars(one * 5));
      await page.getByRole('button', { name: 'Remove' }).click();
      await expect(page.getByText('Your cart is empty.')).toBeVisible();
    });

    test('a waiting order moves', { tag }, async ({ page, payPage, sandbox }) => {
      await sandbox.deliverWebhooks('held');
      await page.goto('/products/arcade');
      await page.getByRole('radio').first().check();
      await page.locator('.buy button').click();
      await page.getByRole('button', { name: 'Checkout' }).click();
      await expect(page).toHaveURL(/\/c\/pay\//);
      await payPage.payAndNeverReturn(cards.visa);
      const session = await sandbox.session();
      await page.goto(sandbox.orderPath(session));
      await expect(page.locator('.order-status')).toHaveText('Waiting for payment');
      await sandbox.deliverWebhooks('immediate');
      await expect(page.locator('.order-status')).toHaveText('Paid', { timeout: 20_000 });
    });
  });
}

test.describe('after an error in islands that are awake', () => {
  test.beforeEach(async ({ page, errorGuard }) => {
    errorGuard.forgive(/islands of this page are asleep|was preloaded|uncaught: trap/);
    // What WASM calls fails once the page says so, and with it the WASM: a trap, as a panic is one.
    await page.addInitScript(() => {
      const wrap = (imports: WebAssembly.Imports): WebAssembly.Imports => {
        for (const module of Object.values(imports)) {
          for (const [name, call] of Object.entries(module)) {
            if (typeof call === 'function') {
              module[name] = (...values: unknown[]): unknown => {
                if (document.documentElement.dataset.trap) {
                  throw new WebAssembly.RuntimeError('trap');
                }
                return (call as (...values: unknown[]) => unknown)(...values);
              };
            }
          }
        }
        return imports;
      };
      const { instantiate, instantiateStreaming } = WebAssembly;
      WebAssembly.instantiateStreaming = async (source, imports = {}) => instantiateStreaming(source, wrap(imports));
      WebAssembly.instantiate = (async (source: BufferSource, imports: WebAssembly.Imports = {}) =>
        instantiate(source, wrap(imports))) as typeof WebAssembly.instantiate;
    });
  });

  async function trap(page: Page): Promise<void> {
    await expect(page.locator('html')).toHaveAttribute('data-islands', 'awake');
    await page.evaluate(() => (document.documentElement.dataset.trap = 'yes'));
  }

  test('forms are plain forms, and the click that failed is done after all', async ({ page }) => {
    await page.goto('/products/arcade');
    await trap(page);
    await page.getByRole('radio').first().check();
    await page.locator('.buy button').click();
    await expect(page).toHaveURL(/\/cart$/);
    const total = page.locator('.cart-line-total');
    const one = Number((await page.locator('.cart-line-price').innerText()).replace(/\D/g, ''));
    await trap(page);
    await page.getByRole('button', { name: /^One more/ }).click();
    await expect(total).toHaveText(dollars(one * 2));
    await trap(page);
    await page.getByRole('spinbutton').fill('5');
    await page.getByRole('spinbutton').press('Tab');
    await page.getByRole('button', { name: 'Update' }).click();
    await expect(total).toHaveText(dollars(one * 5));
    await trap(page);
    await page.getByRole('button', { name: 'Remove' }).click();
    await expect(page.getByText('Your cart is empty.')).toBeVisible();
  });

  test('a waiting order moves', { tag }, async ({ page, product, cart, payPage, sandbox }) => {
    await sandbox.deliverWebhooks('held');
    await product.open('arcade');
    await product.add();
    await cart.open();
    await cart.checkOut();
    await payPage.payAndNeverReturn(cards.visa);
    await page.goto(sandbox.orderPath(await sandbox.session()));
    await expect(page.locator('.order-status')).toHaveText('Waiting for payment');
    await trap(page);
    await sandbox.deliverWebhooks('immediate');
    await expect(page.locator('.order-status')).toHaveText('Paid', { timeout: 30_000 });
  });
});

test('the page of a waiting order that is awake is not loaded again', { tag }, async ({
  page,
  product,
  cart,
  payPage,
  order,
  sandbox,
}) => {
  await sandbox.deliverWebhooks('held');
  await product.open('arcade');
  await product.choose('A3');
  await product.add();
  await cart.open();
  await cart.checkOut();
  await payPage.payAndNeverReturn(cards.visa);
  const path = sandbox.orderPath(await sandbox.session());
  await order.open(path);
  await order.expectStatus('Waiting for payment');
  await page.evaluate(() => Object.assign(window, { isSame: true }));
  // Longer than the tag's time: the sixth question comes after 17 seconds.
  for (let asked = 0; asked < 6; asked += 1) {
    await page.waitForResponse('**/api/order_progress');
  }
  expect(await page.evaluate(() => (window as unknown as { isSame?: boolean }).isSame)).toBe(true);
});
