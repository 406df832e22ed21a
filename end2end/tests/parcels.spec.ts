import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { expect, needsSandbox, test } from '../fixtures/test.ts';

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
  expect.soft(violations.map(({ id }) => id), page.url()).toEqual([]);
}

async function expectNoOverflow(page: Page): Promise<void> {
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wider, page.url()).toBeLessThanOrEqual(0);
}

test.describe('parcels', { tag: needsSandbox.tag }, () => {
  test('an order leaves in two parcels and arrives', async ({ page, shopper, order, admin, server }) => {
    const { number, path } = await shopper.buy('twill', 'A4', 3);
    await order.open(path);
    await expect(page.getByText('Your order is being packed.')).toBeVisible();
    await admin.signIn(server.password);
    await expect(admin.rows.first()).toContainText('To pack');
    await admin.openOrder(number);

    const pieces = page.getByRole('spinbutton', { name: /to ship\)/ });
    await expect(pieces).toHaveValue('3');
    await pieces.fill('1');
    await admin.ship('UPS', '1Z 999 AA1 01 2345 6784');
    await expect(admin.said).toHaveText('Marked as shipped.');
    await expect(admin.said).toBeFocused();
    await expect(admin.fact('Shipping')).toHaveText('Partly shipped');
    await expectAccessible(page);

    await order.open(path);
    await expect(page.getByText('A part of your order has been shipped. The rest follows.')).toBeVisible();
    const link = page.getByRole('link', { name: '1Z 999 AA1 01 2345 6784' });
    await expect(link).toHaveAttribute('href', 'https://www.ups.com/track?tracknum=1Z999AA10123456784');
    await expectAccessible(page);

    await admin.open(`/admin/orders/${number}`);
    await expect(pieces).toHaveValue('2');
    await admin.ship('Bike courier', '');
    await expect(admin.fact('Shipping')).toHaveText('Shipped');
    for (const place of [0, 1]) {
      await page.getByRole('button', { name: 'Mark as delivered' }).first().click();
      await expect(admin.said).toHaveText('Marked as delivered.');
      await expect(page.getByRole('button', { name: 'Mark as delivered' })).toHaveCount(1 - place);
    }
    await order.open(path);
    await expect(page.getByText('Your order has been delivered.')).toBeVisible();
  });

  test('a refund takes its pieces from what is to ship', async ({ page, shopper, admin, server }) => {
    const { number } = await shopper.buy('twill', 'A4', 3);
    await admin.signIn(server.password);
    await admin.openOrder(number);
    await admin.refundPieces(2, 2);
    await expect(page.getByRole('spinbutton', { name: '(1 to ship)' })).toHaveValue('1');
    await admin.ship('DHL', '');
    await expect(admin.fact('Shipping')).toHaveText('Shipped');
  });
});

test.describe('on a phone', { tag: needsSandbox.tag }, () => {
  test.use({ viewport: { width: 360, height: 740 } });

  test('parcels fit a narrow page', async ({ page, shopper, order, admin, server }) => {
    const { number, path } = await shopper.buy('twill', 'A4', 2);
    await admin.signIn(server.password);
    await admin.openOrder(number);
    await expectNoOverflow(page);
    await page.getByRole('spinbutton', { name: /to ship\)/ }).fill('1');
    await admin.ship('A carrier with a rather long name', '1Z 999 AA1 01 2345 6784 2345 6784 2345 6784');
    await expectNoOverflow(page);
    await expectAccessible(page);
    await order.open(path);
    await expectNoOverflow(page);
    await expectAccessible(page);
  });
});
