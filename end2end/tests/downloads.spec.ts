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

const files = { 1280: 'Dandelion.pdf', 360: `${'a-rather-long-name-of-a-file-'.repeat(3)}.zip` } as const;

for (const [width, name] of Object.entries(files)) {
  test.describe(`at ${width} pixels`, { tag: needsSandbox.tag }, () => {
    test.use({ viewport: { width: Number(width), height: 800 } });

    test('a file and a key reach who paid', async ({ page, shopper, order, admin, server }) => {
      await admin.signIn(server.password);
      await admin.open('/admin/downloads');
      await expectNoOverflow(page);
      const product = page.getByLabel('Product');
      const choices = await product.locator('option').allTextContents();
      if (choices.includes('Orrery')) {
        await product.selectOption({ label: 'Orrery' });
        await page.getByRole('button', { name: 'Make it digital' }).click();
        await expect(page.getByRole('heading', { level: 1 })).toHaveText('Orrery');
      } else {
        await page.getByRole('link', { name: 'Orrery' }).click();
      }
      const buffer = Buffer.from('x'.repeat(200_000));
      await page.getByLabel('File', { exact: true }).setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
      await page.getByRole('button', { name: 'Upload' }).click();
      await expect(page.getByText('The file is uploaded.')).toBeVisible();
      await page.getByLabel('Keys, one a line').fill(`KEY-${width}-1\n\nKEY-${width}-1`);
      await page.getByRole('button', { name: 'Add keys' }).click();
      await expect(page.getByText('Keys added: 1.')).toBeVisible();
      await expectNoOverflow(page);
      await expectAccessible(page);

      const { number, path } = await shopper.buy('orrery', 'A4 / Matte');
      await order.open(path);
      await expect(page.getByText(`KEY-${width}-1`)).toBeVisible();
      await expectNoOverflow(page);
      await expectAccessible(page);
      const link = page.getByRole('link', { name: `Download ${name}` });
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
      expect(download.suggestedFilename()).toBe(name);
      await order.open(path);
      await expect(page.getByText('9 downloads left')).toBeVisible();

      await admin.open(`/admin/orders/${number}`);
      await expect(page.getByText('License keys given: 1.')).toBeVisible();
      await expect(page.getByRole('button', { name: 'Mark as shipped' })).toHaveCount(0);
      await admin.refundButton.click();
      await admin.confirmRefund();
      await expect(page.getByText('Access is withdrawn.')).toBeVisible();
      await order.open(path);
      await expect(link).toHaveCount(0);
      await expect(page.getByText(`KEY-${width}-1`)).toHaveCount(0);
    });
  });
}
