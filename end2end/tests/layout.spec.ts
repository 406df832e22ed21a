import type { Page } from '@playwright/test';

import { askForEuros, createKitchenSinkSession } from '../fixtures/kitchen-sink-session.ts';
import { cards, expect, needsSandbox, test } from '../fixtures/test.ts';

const paths = ['/', '/products', '/collections/tides', '/products/low-water', '/admin/login', '/nowhere'];

/** How much wider the page is than the window, in pixels. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Looks on after a page that is too wide, so that one run names all of them. */
const eventually = expect.configure({ soft: true, timeout: 2_000 });

async function expectNoOverflow(page: Page): Promise<void> {
  const { width: before, height } = page.viewportSize() ?? { width: 0, height: 0 };
  for (const width of before < 500 ? [390, 320] : [before]) {
    await page.setViewportSize({ width, height });
    const { pathname } = new URL(page.url());
    await eventually.poll(() => overflow(page), `how far ${pathname} sticks out of ${width} pixels`).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize({ width: before, height });
}

test('no page of the store is wider than the window', async ({ page, store, product, cart, errorGuard }) => {
  errorGuard.expectStatus(404, /\/nowhere/);
  for (const path of paths) {
    await store.open(path);
    await expectNoOverflow(page);
  }
  await cart.open();
  await expectNoOverflow(page);
  for (const slug of ['quarter-turn', 'survey']) {
    await product.open(slug);
    await product.add(2);
    await expectNoOverflow(page);
  }
  await cart.open();
  await expectNoOverflow(page);
});

test('neither the pay page, the order nor the owner’s pages are wider than the window', { tag: needsSandbox.tag }, async ({
  page,
  product,
  cart,
  payPage,
  order,
  admin,
  server,
  sandbox,
}) => {
  await product.open('survey');
  await product.add();
  await cart.open();
  await cart.checkOut();
  await expectNoOverflow(page);
  await payPage.payWith(cards.visa, 'somebody.with.a.rather.long.name@mail.department.example.com');
  await order.expectStatus('Paid');
  await expectNoOverflow(page);
  const number = await order.number();
  await admin.signIn(server.password);
  await expectNoOverflow(page);
  await admin.openOrder(number);
  await expectNoOverflow(page);
  await admin.refund('5.00');
  await expectNoOverflow(page);
  await admin.ship('A carrier with a rather long name', '1Z 999 AA1 01 2345 6784 2345 6784 2345 6784');
  await expectNoOverflow(page);
  await sandbox.dispute(await sandbox.charge());
  await expect(async () => {
    await admin.open(`/admin/orders/${number}`);
    await expect(admin.notice).toContainText('Answer by', { timeout: 500 });
  }).toPass();
  await expectNoOverflow(page);
  await admin.open('/admin/orders');
  await expectNoOverflow(page);
  await admin.open('/admin/events');
  await expectNoOverflow(page);
});

test('no page of the sandbox is wider than the window', { tag: needsSandbox.tag }, async ({ page, payPage, sandbox }) => {
  const name = 'Kirschholz-Bilderrahmen Donaudampfschifffahrtsgesellschaftskapitänsmütze';
  const session = await createKitchenSinkSession(sandbox, {
    'line_items[0][price_data][product_data][name]': name,
    billing_address_collection: 'required',
    'phone_number_collection[enabled]': 'true',
  });
  await page.goto(session.url ?? '');
  await expectNoOverflow(page);
  await payPage.payButton.click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expectNoOverflow(page);
  const bill = await askForEuros(sandbox, { 'line_items[0][quantity]': '9999' });
  await page.goto(bill.url ?? '');
  await payPage.payWith(cards.threeDSecure);
  await expect(page.getByRole('button', { name: 'Complete' })).toBeVisible();
  await expectNoOverflow(page);
  await payPage.complete3DS();
  for (const path of ['/', '/sessions', '/events', '/deliveries', '/endpoints', '/controls']) {
    await page.goto(sandbox.url + path);
    await expectNoOverflow(page);
  }
  const { payment_intent: intent } = await sandbox.retrieveSession(bill.id);
  await page.goto(`${sandbox.url}/objects/${intent}`);
  await expectNoOverflow(page);
});

test('nothing jumps while a page comes to life', async ({ page, store, product, cart }) => {
  await page.addInitScript(() => {
    const shifts: number[] = [];
    const take = (entries: PerformanceEntryList): void => {
      shifts.push(...entries.map((entry) => (entry as PerformanceEntry & { value: number }).value));
    };
    const observer = new PerformanceObserver((list) => take(list.getEntries()));
    observer.observe({ type: 'layout-shift', buffered: true });
    Object.assign(window, {
      takeShift: () => {
        take(observer.takeRecords());
        return shifts.reduce((sum, value) => sum + value, 0);
      },
    });
  });
  const expectStill = async (): Promise<void> => {
    await page.waitForLoadState('load');
    await page.evaluate(() => document.fonts.ready);
    // Two frames, so that what changed last was drawn.
    const shift = await page.evaluate(async () => {
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      return (window as unknown as { takeShift: () => number }).takeShift();
    });
    expect.soft(shift, `how far ${page.url()} jumps`).toBeLessThan(0.02);
  };
  await product.open('low-water');
  await product.add(2);
  for (const path of ['/', '/products', '/products/low-water', '/cart']) {
    await store.open(path);
    await store.expectInCart(2);
    await expectStill();
  }
  await cart.line('Low Water').more.click();
  await cart.line('Low Water').expectQuantity(3);
  await expectStill();
});
