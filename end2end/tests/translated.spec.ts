import type { Page } from '@playwright/test';

import type { Sandbox } from '../fixtures/sandbox.ts';
import { cards, dollars, expect, needsSandbox, test } from '../fixtures/test.ts';
import { translate } from '../fixtures/translate.ts';
import type { PayPage } from '../pages/pay.ts';

const { tag } = needsSandbox;

/** Lets the WASM of the next page arrive only when the answer is called. */
async function holdWasm(page: Page): Promise<() => void> {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  return release;
}

interface Helpers {
  page: Page;
  payPage: PayPage;
  sandbox: Sandbox;
}

/** How an order gets to where it ends: what happens before its page is opened, and after. */
interface End {
  status: string;
  explained: RegExp;
  begin(helpers: Helpers): Promise<string>;
  end(sandbox: Sandbox): Promise<void>;
}

async function leave({ page, sandbox }: Helpers): Promise<string> {
  await page.goto('about:blank');
  return sandbox.orderPath(await sandbox.session());
}

async function pay({ payPage, sandbox }: Helpers): Promise<string> {
  await payPage.payAndNeverReturn(cards.visa);
  return sandbox.orderPath(await sandbox.session());
}

const ends: Record<string, End> = {
  'Payment failed': {
    status: 'failed',
    explained: /nothing was charged/,
    async begin({ payPage, sandbox }) {
      await payPage.debitAndNeverReturn();
      return sandbox.orderPath(await sandbox.session());
    },
    end: async (sandbox) => sandbox.failDebit(await sandbox.session()),
  },
  Expired: {
    status: 'expired',
    explained: /not paid in time/,
    begin: leave,
    end: async (sandbox) => sandbox.expire(await sandbox.session()),
  },
  'Partially refunded': {
    status: 'partially_refunded',
    explained: /^A part of your payment/,
    begin: pay,
    end: async (sandbox) => sandbox.refundPart(await sandbox.charge(), 100),
  },
  Refunded: {
    status: 'refunded',
    explained: /^Your payment was returned/,
    begin: pay,
    async end(sandbox) {
      await sandbox.refund(await sandbox.charge());
    },
  },
};

for (const manner of ['polite', 'rude'] as const) {
  test(`a ${manner}ly translated cart shows what is charged`, { tag }, async ({ page, product, cart, store, sandbox }) => {
    await product.open('arcade');
    const price = await product.price('A3');
    await product.choose('A3');
    await product.add();
    await product.choose('A4');
    await product.add();
    await cart.open();
    const line = page.locator('.cart-line').filter({ hasText: 'A3' });
    const other = page.locator('.cart-line').filter({ hasText: 'A4' });
    const otherPrice = Number((await other.locator('.cart-line-total').innerText()).replace(/\D/g, ''));
    await translate(page, manner);

    await line.getByRole('button', { name: /^One more/ }).click();
    await expect(line.locator('.cart-line-total')).toHaveText(dollars(price * 2));
    await cart.expectSubtotal(price * 2 + otherPrice);
    await store.expectInCart(3);
    await expect(page.locator('.cart-link-count')).toHaveText('3');
    await translate(page, manner);
    await line.getByRole('spinbutton').fill('4');
    await line.getByRole('spinbutton').press('Tab');
    await expect(line.locator('.cart-line-total')).toHaveText(dollars(price * 4));
    await cart.expectSubtotal(price * 4 + otherPrice);

    await other.locator('.cart-line-remove button').click();
    await expect(other).toBeHidden();
    await cart.expectSubtotal(price * 4);
    await expect(page.locator('.cart-removed [role="status"]')).toContainText(dollars(price * 4));
    await translate(page, manner);
    await page.locator('#undo').click();
    await expect(other).toBeVisible();
    await expect(other.locator('.cart-line-total')).toHaveText(dollars(otherPrice));
    await cart.expectSubtotal(price * 4 + otherPrice);

    await page.locator('.summary button').click();
    await expect(page).toHaveURL(/\/c\/pay\//);
    expect((await sandbox.session()).amount_total).toBe(price * 4 + otherPrice);
  });

  test(`a ${manner}ly translated product page says what became of each attempt`, async ({ page, product }) => {
    await product.open('low-water');
    await product.add();
    await translate(page, manner);
    await page.locator('.choice').filter({ hasText: 'A2' }).filter({ hasText: 'Oak' }).locator('input').check();
    await page.locator('input[name="quantity"]').fill('99');
    await page.locator('.buy button').click();
    await expect(page.getByRole('status')).toContainText(/^Only \d+ left/);
    await translate(page, manner);
    await page.locator('.choice').first().locator('input').check();
    await page.locator('input[name="quantity"]').fill('1');
    await page.locator('.buy button').click();
    await expect(page.getByRole('status')).toContainText(/^Added to your cart/);
  });

  test(`a ${manner}ly translated order page follows the payment`, { tag }, async ({
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
    await order.open(sandbox.orderPath(await sandbox.session()));
    await order.expectStatus('Waiting for payment');
    await translate(page, manner);
    await sandbox.deliverWebhooks('immediate');
    await order.expectStatus('Paid');
    await expect(page.locator('.order-explained').first()).toHaveText(/^Thank you\./);
  });

  for (const [state, go] of Object.entries(ends)) {
    test(`a ${manner}ly translated order page says ${state}`, { tag }, async ({ page, product, cart, payPage, order, sandbox, errorGuard }) => {
      errorGuard.forgive(/ERR_FAILED/);
      await sandbox.deliverWebhooks('held');
      await product.open('arcade');
      await product.choose('A3');
      await product.add();
      await cart.open();
      await cart.checkOut();
      const path = await go.begin({ page, payPage, sandbox });
      // No question is answered until the order is where it ends.
      let isOver = false;
      await page.route('**/api/order_progress', (route) => (isOver ? route.continue() : route.abort()));
      await order.open(path);
      await order.expectStatus('Waiting for payment');
      await translate(page, manner);
      await go.end(sandbox);
      await sandbox.deliverWebhooks('immediate');
      const now = async (): Promise<string> => (await page.request.get(path)).text();
      await expect.poll(now).toContain(`data-status="${go.status}"`);
      isOver = true;
      await order.expectStatus(state as 'Expired');
      await expect(page.locator('.order-explained').first()).toHaveText(go.explained);

      // The same page translated before it wakes.
      const release = await holdWasm(page);
      await page.goto(path);
      await translate(page, manner);
      release();
      await expect(page.locator('html')).toHaveAttribute('data-islands', 'awake');
      await expect(order.status).toContainText(state);
      await page.unrouteAll({ behavior: 'ignoreErrors' });
    });
  }

  test(`a ${manner}ly translated refund form asks for the price of the chosen pieces`, { tag }, async ({
    page,
    shopper,
    admin,
    server,
    sandbox,
  }) => {
    const { number, price } = await shopper.buy('arcade', 'A4', 3);
    await admin.signIn(server.password);
    await admin.open(`/admin/orders/${number}`);
    await page.locator('summary', { hasText: 'Choose pieces' }).click();
    await translate(page, manner);
    await page.locator('input[data-amounts][type=number]').fill('2');
    await expect(page.locator('input[name="amount"]')).toHaveValue(dollars(price * 2).slice(1));
    await page.locator('form[action="/api/refund_order"] button').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Refund ${dollars(price * 2)}?`);
    await translate(page, manner);
    await page.locator('form[action="/api/refund_order"] button').click();
    await expect(admin.said).toHaveText(`Refunded ${dollars(price * 2)}.`);
    expect((await sandbox.refunds()).map(({ amount }) => amount)).toEqual([price * 2]);
  });

  test(`a ${manner}ly translated list of open checkouts ends one`, { tag }, async ({ page, product, cart, admin, server }) => {
    await product.open('arcade');
    await product.add();
    await cart.open();
    await cart.checkOut();
    await admin.signIn(server.password);
    await admin.open('/admin/holds');
    const row = page.locator('tbody tr').first();
    const number = await row.locator('th a').innerText();
    await translate(page, manner);
    await row.locator('form button').click();
    await expect(page).toHaveURL(/notice=released/);
    await expect(page.locator('tbody th', { hasText: number })).toHaveCount(0);
  });

  test(`pages that were ${manner}ly translated before they woke change like any other`, async ({ page, product, cart }) => {
    await product.open('arcade');
    const price = await product.price('A4');
    await product.choose('A4');
    await product.add();
    for (const path of ['/products/arcade', '/cart']) {
      const release = await holdWasm(page);
      await page.goto(path);
      await translate(page, manner);
      release();
      await expect(page.locator('html')).toHaveAttribute('data-islands', 'awake');
      await page.unrouteAll({ behavior: 'ignoreErrors' });
    }
    await page.locator('.cart-line').getByRole('button', { name: /^One more/ }).click();
    await expect(page.locator('.cart-line-total')).toHaveText(dollars(price * 2));
    await cart.expectSubtotal(price * 2);
  });
}

test('amounts, counts and states say that they are not to be translated', async ({ page, shopper, admin, server }) => {
  const { path, number } = await shopper.buy('arcade', 'A4');
  await shopper.product.open('arcade');
  await shopper.product.add();
  await admin.signIn(server.password);
  const paths = ['/', '/products', '/collections/tides', '/products/arcade', '/cart', path];
  for (const address of [...paths, '/admin/orders', `/admin/orders/${number}`, '/admin/holds']) {
    await page.goto(address);
    const touched = await page.evaluate(() => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const found: string[] = [];
      while (walker.nextNode()) {
        const text = walker.currentNode as Text;
        const isState = text.parentElement?.matches('.status, .order-status, .order-status *, .cart-link-count');
        if ((isState || /[$€£]\s?\d/.test(text.data)) && !text.parentElement?.closest('[translate="no"]')) {
          found.push(text.data);
        }
      }
      return found;
    });
    expect.soft(touched, address).toEqual([]);
  }
});
