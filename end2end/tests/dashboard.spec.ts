import { askForEuros } from '../fixtures/kitchen-sink-session.ts';
import { cards, expect, needsSandbox, test } from '../fixtures/test.ts';

test.describe('the sandbox’s dashboard', { tag: needsSandbox.tag }, () => {
  test.beforeEach(async ({ page, payPage, sandbox }) => {
    const session = await askForEuros(sandbox);
    await page.goto(session.url ?? '');
    await payPage.payWith(cards.visa);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payments');
    const { payment_intent: intent } = await sandbox.retrieveSession(session.id);
    await page.goto(`${sandbox.url}/objects/${intent}`);
  });

  test('a refund that is too much is refused beside the button, and a smaller one is made', async ({ page, sandbox }) => {
    const amount = page.getByRole('textbox', { name: 'Amount' });
    await amount.fill('50');
    await page.getByRole('button', { name: 'Refund' }).click();
    const form = page.locator('form').filter({ has: page.getByRole('button', { name: 'Refund' }) });
    const alert = form.getByRole('alert');
    await expect(alert).toContainText('greater than unrefunded amount on charge (€20.00)');
    await expect(alert).toBeFocused();
    expect(await sandbox.refunds()).toHaveLength(0);
    await amount.fill('5.50');
    await page.getByRole('button', { name: 'Refund' }).click();
    await expect(page.getByRole('status')).toHaveText('The refund was made.');
    await expect(page.getByRole('alert')).toBeHidden();
    expect((await sandbox.refunds()).map((refund) => refund.amount)).toEqual([550]);
    await page.getByRole('button', { name: 'Fail this refund' }).click();
    await expect(page.getByRole('status')).toHaveText('It failed.');
  });

  test('a payment is disputed and the dispute decided', async ({ page }) => {
    await page.getByRole('button', { name: 'Dispute this' }).click();
    await page.getByRole('button', { name: 'Lose' }).click();
    await expect(page.getByText('lost', { exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'Win after all' }).click();
    await expect(page.getByText('won', { exact: true })).toBeVisible();
  });

  test('lists are narrowed, and an event is sent again', async ({ page }) => {
    const navigation = page.getByRole('navigation', { name: 'Dashboard' });
    await navigation.getByRole('link', { name: 'Payments' }).click();
    await page.getByRole('navigation', { name: 'State' }).getByRole('link', { name: 'canceled' }).click();
    await expect(page.getByText('Nothing yet.')).toBeVisible();
    await navigation.getByRole('link', { name: 'Events' }).click();
    await page.getByRole('textbox', { name: 'Type' }).fill('charge.*');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.getByRole('link', { name: 'charge.succeeded' }).first().click();
    await page.getByRole('button', { name: 'Resend to all' }).click();
    await expect(page.getByRole('status')).toHaveText('The event is sent again.');
  });
});
