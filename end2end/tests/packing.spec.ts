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

for (const javaScriptEnabled of [true, false]) {
  for (const width of [1280, 360]) {
    test.describe(`${javaScriptEnabled ? 'with' : 'without'} scripts at ${width} pixels`, { tag: needsSandbox.tag }, () => {
      test.use({ viewport: { width, height: 800 } });

      test('tracking numbers come back in a file', async ({ browser, shopper, admin, server, page, baseURL }) => {
        const { number } = await shopper.buy('twill', 'A4', 2);
        await admin.signIn(server.password);
        const context = await browser.newContext({
          javaScriptEnabled,
          viewport: { width, height: 800 },
          storageState: await page.context().storageState(),
          ...(baseURL === undefined ? {} : { baseURL }),
        });
        const own = await context.newPage();
        await own.goto('/admin/packing');
        await expectNoOverflow(own);
        const waiting = own.getByRole('link', { name: 'Download what is to ship (CSV)' });
        const [download] = await Promise.all([own.waitForEvent('download'), waiting.click()]);
        expect(download.suggestedFilename()).toBe('to-ship.csv');

        const file = (rows: string) => ({ name: 'tracking.csv', mimeType: 'text/csv', buffer: Buffer.from(rows) });
        const choose = own.getByLabel('CSV file');
        const check = own.getByRole('button', { name: 'Check' });
        await choose.setInputFiles(file(`order_number;tracking_number\n${number};1\n999999;${'8'.repeat(70)}\n`));
        await check.click();
        await expect(own.getByRole('alert')).toContainText('There is no order 999999.');
        await expectNoOverflow(own);
        if (javaScriptEnabled) {
          await expectAccessible(own);
        }

        const rows = `order_number;carrier;tracking_number\n${number};DHL;0034043316109404255\n`;
        await choose.setInputFiles(file(rows));
        await check.click();
        await expect(own.getByText('Parcels to send: 1.')).toBeVisible();
        if (javaScriptEnabled) {
          await expectAccessible(own);
        }
        await own.getByRole('button', { name: 'Import 1 parcel' }).click();
        await expect(own.getByText('Imported. Parcels sent: 1.')).toBeVisible();

        await own.goto(`/admin/orders/${number}`);
        await expectNoOverflow(own);
        await own.getByRole('link', { name: 'Packing slip' }).click();
        await expect(own.getByRole('heading', { level: 1 })).toHaveText(`Packing slip for order ${number}`);
        await expectNoOverflow(own);
        if (javaScriptEnabled) {
          await expectAccessible(own);
        }
        await own.emulateMedia({ media: 'print' });
        await expect(own.getByRole('navigation').first()).toBeHidden();
        await context.close();
      });
    });
  }
}
