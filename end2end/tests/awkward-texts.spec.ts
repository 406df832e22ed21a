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

/** Sheets of paper without their margins: A5 and A4. */
const sheets = [480, 718];

/** How wide mail programs show a message. */
const mailWindows = [320, 600];

/** How much wider than its window a page is. */
async function excess(page: Page, width: number): Promise<number> {
  await page.setViewportSize({ width, height: 900 });
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** What of a page is wider than the paper that it is printed on. */
async function tooWideOnPaper(page: Page, path: string): Promise<string[]> {
  const found: string[] = [];
  await page.emulateMedia({ media: 'print' });
  for (const width of sheets) {
    const over = await excess(page, width);
    if (over > 0) {
      found.push(`${path} on ${width} pixels of paper: ${over} pixels`);
    }
    // Paper does not scroll.
    const hidden = await page.evaluate(
      () => [...document.querySelectorAll('main *:not(.visually-hidden)')].filter((each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX !== 'visible').length,
    );
    if (hidden > 0) {
      found.push(`${path} on ${width} pixels of paper: ${hidden} parts are cut`);
    }
  }
  await page.emulateMedia({ media: null });
  return found;
}

/** Fills in a field of the admin's as far as it goes. */
async function fill(page: Page, selector: string, text: string): Promise<void> {
  const field = page.locator(selector).first();
  const most = Number((await field.getAttribute('maxlength')) ?? text.length);
  await field.fill(text.slice(0, most));
}

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
  const orderPath = new URL(page.url()).pathname;
  await look(orderPath);
  await admin.signIn(server.password);
  const adminPath = `/admin/orders/${number}`;
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(adminPath);
  await fill(page, 'input[name="carrier"]', texts.word);
  await fill(page, 'input[name="tracking_number"]', '1234567890'.repeat(20));
  await page.getByRole('button', { name: 'Mark as shipped' }).click();
  await expect(admin.said).toHaveText('Marked as shipped.');
  await fill(page, 'input[name="amount"]', '1.00');
  await fill(page, '[name="note"]', `${texts.word} ${texts.rtl} ${texts.emoji}`);
  await admin.refundButton.click();
  found.push(...(await tooWide(page, 'the page that asks before a refund')));
  tried += windows.length;
  await page.setViewportSize({ width: 1280, height: 800 });
  await admin.confirmRefund();
  await expect(admin.said).toHaveText('Refunded $1.00.');
  for (const path of [orderPath, '/admin/orders', adminPath, '/admin/emails', '/admin/events']) {
    await look(path);
  }
  // Somebody is at the pay page.
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(`/products/${slugs[0]}`);
  await page.locator('.buy input[name="variant"]:enabled').first().check();
  await page.locator('.buy button').click();
  await expect(page.getByRole('status')).toContainText('Added to your cart.');
  await cart.open();
  await cart.checkOut();
  await look('/admin/holds');
  for (const path of [orderPath, adminPath, '/cart', '/admin/orders', '/admin/holds', `/products/${slugs[0]}`]) {
    await page.goto(path);
    found.push(...(await tooWideOnPaper(page, path)));
    tried += sheets.length;
  }
  await expect.poll(() => server.emails().length).toBeGreaterThanOrEqual(4);
  // No policy of a page of the shop's applies to an e-mail.
  await page.goto('about:blank');
  for (const [index, html] of server.emails().entries()) {
    await page.setContent(html);
    for (const width of mailWindows) {
      const over = await excess(page, width);
      tried += 1;
      if (over > 0) {
        found.push(`e-mail ${index} at ${width} pixels: ${over} pixels: ${await page.title()}`);
      }
    }
  }
  testInfo.annotations.push({ type: 'pages', description: `${tried} tried, ${found.length} too wide` });
  console.log(`${tried} pages and widths tried, ${found.length} too wide`);
  expect(found).toEqual([]);
});
