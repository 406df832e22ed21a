import type { Page } from '@playwright/test';

import { slugs, texts, writeAwkwardTexts } from '../fixtures/awkward.ts';
import { Server } from '../fixtures/server.ts';
import { cards, expect, needsSandbox, test as base } from '../fixtures/test.ts';

const test = base.extend<object, { server: Server }>({
  server: [
    async ({}, use) => {
      const server = await Server.start(writeAwkwardTexts);
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

test.describe.configure({ timeout: 240_000 });

/** In pixels, and with letters of twice the size. */
const windows = [320, 390, 768, 1440].flatMap((width) => [1, 2].map((scale) => ({ width, scale })));

/** What of a page is not as wide as its window lets it be, at every width. */
async function tooWide(page: Page, path: string): Promise<string[]> {
  const found: string[] = [];
  for (const { width, scale } of windows) {
    await page.setViewportSize({ width, height: 900 });
    const problem = await page.evaluate((size) => {
      const root = document.documentElement;
      root.style.fontSize = `${size * 100}%`;
      const over = root.scrollWidth - root.clientWidth;
      const name = (element: Element): string => `${element.localName}.${element.className}`;
      // What sticks out of its parent though the page does not scroll: it covers what is beside it.
      const covered = [...document.querySelectorAll('.site-header > *, .product-grid > *, .collection-grid > *, .cart > *')]
        .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'contents')
        .map(name);
      const widest = [...document.querySelectorAll('main *')].find(
        (element) => element.getBoundingClientRect().right > root.clientWidth + 1 && !element.closest('.table-scroll'),
      );
      root.style.fontSize = '';
      return over > 0 || covered.length > 0 ? `${over} pixels${widest ? ` by ${name(widest)}` : ''} ${covered.join(' ')}` : '';
    }, scale);
    if (problem) {
      found.push(`${path} at ${width} pixels, text at ${scale * 100} %: ${problem}`);
    }
  }
  return found;
}

test('what the catalog and addresses write is text, in the title too', async ({ page, admin, server, errorGuard }) => {
  await page.goto('/products/twill');
  expect(await page.title()).toContain(texts.markup);
  await expect(page.locator('#forged')).toHaveCount(0);
  await page.goto('/products');
  await expect(page.locator('#forged')).toHaveCount(0);

  await admin.signIn(server.password);
  errorGuard.expectStatus(404, /\/admin\/orders\//);
  await page.goto('/admin/orders/1001%3Cform%20id=forged%3E');
  await expect(page).toHaveTitle(/^Page not found/);
  await expect(page.locator('#forged')).toHaveCount(0);
  const refused = await page.request.get(`/admin/orders/${encodeURIComponent(texts.markup)}`);
  expect(refused.status()).toBe(404);
  expect(await refused.text()).not.toContain('<form');
});

test('awkward texts make no page wider than its window', { tag: needsSandbox.tag }, async ({
  page,
  cart,
  payPage,
  order,
  admin,
  server,
}, testInfo) => {
  const found: string[] = [];
  let tried = 0;
  const look = async (path: string): Promise<void> => {
    await page.goto(path);
    found.push(...(await tooWide(page, path)));
    tried += windows.length;
  };
  for (const path of ['/', '/products', '/collections/tides', ...slugs.map((slug) => `/products/${slug}`)]) {
    await look(path);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  for (const slug of slugs) {
    await page.goto(`/products/${slug}`);
    await page.locator('.buy input[name="variant"]:enabled').first().check();
    await page.locator('.buy button').click();
    await expect(page.getByRole('status')).toContainText('Added to your cart.');
  }
  await look('/cart');
  await page.setViewportSize({ width: 1280, height: 800 });
  for (const remaining of [5, 4, 3, 2, 1]) {
    await cart.lines.and(page.locator(':visible')).first().getByRole('button', { name: 'Remove' }).click();
    await expect(cart.lines.and(page.locator(':visible'))).toHaveCount(remaining);
  }
  found.push(...(await tooWide(page, '/cart after Remove')));
  tried += windows.length;
  await page.setViewportSize({ width: 1280, height: 800 });
  await cart.checkOut();
  await payPage.payWith(cards.visa, `${'somebody.with.a.long.name.'.repeat(2)}x@mail.department.example.com`);
  await order.expectStatus('Paid');
  const number = await order.number();
  await look(new URL(page.url()).pathname);
  await admin.signIn(server.password);
  for (const path of ['/admin/orders', `/admin/orders/${number}`, '/admin/emails', '/admin/events']) {
    await look(path);
  }
  testInfo.annotations.push({ type: 'pages', description: `${tried} tried, ${found.length} too wide` });
  console.log(`${tried} pages and widths tried, ${found.length} too wide`);
  expect(found).toEqual([]);
});
