import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { askForGift } from '../fixtures/gift.ts';
import { askForEuros, createKitchenSinkSession } from '../fixtures/kitchen-sink-session.ts';
import { cards, expect, needsSandbox, test } from '../fixtures/test.ts';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

async function expectAccessible(page: Page): Promise<void> {
  const { violations, passes } = await new AxeBuilder({ page })
    .options({ resultTypes: ['violations'] })
    .withTags(rules)
    .analyze();
  expect(passes.length, 'something was looked at').toBeGreaterThan(5);
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
  );
  expect.soft(found, page.url()).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in ${colorScheme} colors`, () => {
    test.use({ colorScheme });

    test('the pages of the store are accessible', async ({ page, store, product, cart, errorGuard }) => {
      errorGuard.expectStatus(404, /\/nowhere/);
      for (const path of ['/', '/products', '/collections/nightfall', '/cart', '/nowhere']) {
        await store.open(path);
        await expectAccessible(page);
      }
      await product.open('desk-waves');
      await product.tryToAdd(9);
      await expect(product.said).toContainText('Only 2 left');
      await expectAccessible(page);
      await product.open('fern');
      await product.add();
      await expectAccessible(page);
      await cart.open();
      await cart.line('Desk Print').quantity.fill('9');
      await cart.line('Desk Print').quantity.press('Tab');
      await expect(cart.line('Desk Print').notice).toContainText('Only 2 left');
      await expectAccessible(page);
    });

    test('the pay page is accessible', { tag: needsSandbox.tag }, async ({ page, product, cart, payPage }) => {
      await product.open('bookmarks');
      await product.add();
      await cart.open();
      await cart.checkOut();
      await expectAccessible(page);
      await payPage.payWith(cards.declined);
      await payPage.expectRefused(/declined/i);
      await expectAccessible(page);
      await payPage.payWith(cards.threeDSecure);
      await expect(page.getByRole('button', { name: 'Complete' })).toBeVisible();
      await expectAccessible(page);
    });

    test('the pay page is accessible when it asks for everything', { tag: needsSandbox.tag }, async ({
      page,
      payPage,
      sandbox,
    }) => {
      const { session, code } = await askForGift(sandbox, sandbox.url);
      await page.goto(session.url ?? '');
      await expectAccessible(page);
      await payPage.payButton.click();
      await expect(page.getByRole('alert')).toBeFocused();
      await expectAccessible(page);
      await payPage.applyCode(code);
      await expectAccessible(page);
    });

    test('the pay page is accessible with quantities, questions and bank debits', { tag: needsSandbox.tag }, async ({
      page,
      payPage,
      sandbox,
      errorGuard,
    }) => {
      const hamper = await createKitchenSinkSession(sandbox, {
        'branding_settings[display_name]': 'Bees & Sons',
        'branding_settings[button_color]': '#ffcc00',
        'branding_settings[background_color]': '#0b5d3b',
      });
      await page.goto(hamper.url ?? '');
      await expectAccessible(page);
      await payPage.addButton('Long matches').click();
      await expect(payPage.removeButton('Long matches')).toBeVisible();
      await payPage.quantity('Beeswax candle').fill('9');
      await payPage.payButton.click();
      await expect(page.getByRole('alert')).toBeFocused();
      await expectAccessible(page);

      const session = await askForEuros(sandbox, { 'after_expiration[recovery][enabled]': 'true' });
      await page.goto(session.url ?? '');
      await payPage.payByDebit('DE00');
      await expect(page.getByText('Your IBAN is invalid.')).toBeVisible();
      await expectAccessible(page);
      errorGuard.expectStatus(410, /\/c\/pay\//);
      await sandbox.expire(session);
      await page.goto(session.url ?? '');
      await expectAccessible(page);
      await page.getByRole('link', { name: 'Start again' }).click();
      const recovered = page.url();
      await payPage.payWith(cards.visa);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payments');
      await page.goto(recovered);
      await expectAccessible(page);
    });

    test('the dashboard’s lists are accessible', { tag: needsSandbox.tag }, async ({ page, sandbox }) => {
      await askForEuros(sandbox);
      for (const path of ['/', '/sessions?status=open', '/refunds', '/events?type=charge.*', '/deliveries', '/controls']) {
        await page.goto(sandbox.url + path);
        await expectAccessible(page);
      }
    });

    test('a payment and a delivery are accessible on the dashboard', { tag: needsSandbox.tag }, async ({
      page,
      payPage,
      sandbox,
    }) => {
      const session = await askForEuros(sandbox);
      await page.goto(session.url ?? '');
      await payPage.payWith(cards.visa);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payments');
      await page.goto(`${sandbox.url}/deliveries`);
      await page.getByRole('table').getByRole('link').first().click();
      await expectAccessible(page);
      const { payment_intent: intent } = await sandbox.retrieveSession(session.id);
      await page.goto(`${sandbox.url}/objects/${intent}`);
      await page.getByRole('textbox', { name: 'Amount' }).fill('50');
      await page.getByRole('button', { name: 'Refund' }).click();
      await expect(page.getByRole('alert')).toBeFocused();
      await expectAccessible(page);
    });

    test('a waiting and a paid order are accessible', { tag: needsSandbox.tag }, async ({
      page,
      product,
      cart,
      payPage,
      order,
      sandbox,
    }) => {
      await sandbox.deliverWebhooks('held');
      await product.open('bookmarks');
      await product.add();
      await cart.open();
      await cart.checkOut();
      await payPage.payAndNeverReturn(cards.visa);
      await order.open(sandbox.orderPath(await sandbox.session()));
      await order.expectStatus('Waiting for payment');
      await expectAccessible(page);
      await sandbox.deliverWebhooks('immediate');
      await order.expectStatus('Paid');
      await expectAccessible(page);
    });

    test('the owner’s pages are accessible', async ({ page, shopper, admin, server }) => {
      const { number } = await shopper.buy('bookmarks');
      await admin.open('/admin/login');
      await admin.tryPassword('wrong');
      await expect(admin.notice).toBeVisible();
      await expectAccessible(page);
      await admin.signIn(server.password);
      await expectAccessible(page);
      await admin.openOrder(number);
      await expectAccessible(page);
      await admin.askRefund('a lot');
      await expect(admin.notice).toBeVisible();
      await expectAccessible(page);
      await admin.open(`/admin/orders/${number}`);
      await admin.askRefund('1.00');
      await expect(admin.confirmButton).toBeVisible();
      await expectAccessible(page);
      await admin.open(`/admin/orders/${number}`);
      await admin.refundPieces(1, 1);
      await expect(admin.said).toBeVisible();
      await expectAccessible(page);
      await admin.open('/admin/events');
      await expectAccessible(page);
    });

    test('an order under dispute is accessible', { tag: needsSandbox.tag }, async ({
      page,
      shopper,
      admin,
      server,
      sandbox,
    }) => {
      const { number } = await shopper.buy('bookmarks');
      await sandbox.dispute(await sandbox.charge());
      await admin.signIn(server.password);
      await expect(async () => {
        await admin.open(`/admin/orders/${number}`);
        await expect(admin.notice).toContainText('Answer by', { timeout: 500 });
      }).toPass();
      await expectAccessible(page);
      await admin.open('/admin/orders');
      await expectAccessible(page);
      await admin.openOrder(number);
      await admin.ship('Postal Service', 'PS 123 456');
      await expectAccessible(page);
    });
  });
}
