import type { Page } from '@playwright/test';

import { askForGift } from '../fixtures/gift.ts';
import { askForEuros, createKitchenSinkSession } from '../fixtures/kitchen-sink-session.ts';
import { cards, expect, needsSandbox, test } from '../fixtures/test.ts';
import { PayPage } from '../pages/pay.ts';

/** The shop that the sessions of these tests lead to is the sandbox's own front page. */
async function expectSentBack(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: 'Payments' })).toBeVisible();
}

test.describe('the sandbox’s pay page', { tag: needsSandbox.tag }, () => {
  test('the total follows the quantity and what is added, and the focus stays', async ({ page, payPage, sandbox }) => {
    const session = await createKitchenSinkSession(sandbox);
    await page.goto(session.url ?? '');
    await payPage.email.fill('ada@example.com');
    const quantity = payPage.quantity('Beeswax candle');
    await quantity.fill('3');
    await quantity.press('Enter');
    await payPage.expectTotal('$36.00');
    await expect(quantity).toBeFocused();
    await payPage.addButton('Long matches').press('Enter');
    await expect(payPage.removeButton('Long matches')).toBeFocused();
    await payPage.expectTotal('$42.00');
    await payPage.removeButton('Long matches').click();
    await expect(payPage.addButton('Long matches')).toBeFocused();
    await payPage.expectTotal('$36.00');
    await expect(payPage.email, 'what was typed stays').toHaveValue('ada@example.com');

    await payPage.answer('For Grace');
    await payPage.payWith(cards.visa);
    await expectSentBack(page);
    expect(await sandbox.retrieveSession(session.id)).toMatchObject({
      amount_total: 3600,
      custom_fields: [{ text: { value: 'For Grace' } }, { dropdown: { value: 'moss' } }],
      consent: { terms_of_service: 'accepted' },
    });
  });

  test('of two items that are added at once none is lost', async ({ page, payPage, sandbox }) => {
    const ribbon = await sandbox.createPrice('Silk ribbon', 500);
    const more = { 'optional_items[1][price]': ribbon, 'optional_items[1][quantity]': '1' };
    const session = await createKitchenSinkSession(sandbox, more);
    await page.goto(session.url ?? '');
    let areClicked = (): void => undefined;
    const clicked = new Promise<void>((resolve) => (areClicked = resolve));
    await page.route('**/c/pay/*', async (route) => {
      await clicked;
      await route.continue();
    });
    await payPage.addButton('Long matches').click();
    await payPage.addButton('Silk ribbon').click();
    areClicked();
    await expect(payPage.removeButton('Silk ribbon')).toBeVisible();
    await expect(payPage.removeButton('Long matches')).toBeVisible();
    await payPage.expectTotal('$23.00');
    expect((await sandbox.retrieveSession(session.id)).amount_total).toBe(2300);
  });

  test('a wrong quantity is told at its field and stays until it is mended', async ({ page, payPage, sandbox }) => {
    const session = await createKitchenSinkSession(sandbox);
    await page.goto(session.url ?? '');
    const quantity = payPage.quantity('Beeswax candle');
    await quantity.fill('9');
    await quantity.press('Tab');
    await expect(quantity).toHaveAccessibleDescription('The quantity of this item must be from 1 to 5.');
    await expect(quantity).toHaveAttribute('aria-invalid', 'true');
    await expect(quantity).toHaveValue('9');
    await expect(quantity).toBeFocused();
    await payPage.payButton.click();
    const mistake = page.getByRole('alert').getByRole('link', { name: 'Quantity of Beeswax candle' });
    await mistake.click();
    await expect(quantity).toBeFocused();
    await quantity.fill('2');
    await quantity.press('Enter');
    await payPage.expectTotal('$24.00');
    await expect(mistake, 'what is mended is not listed any more').toBeHidden();
    await expect(page.getByRole('alert')).toContainText('Color: Required');
  });

  test('a wrong quantity that is answered while Pay is held down leaves the click to Pay', async ({ page, payPage, sandbox }) => {
    const session = await createKitchenSinkSession(sandbox);
    await page.goto(session.url ?? '');
    await payPage.quantity('Beeswax candle').fill('9');
    await payPage.payButton.hover();
    const refused = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.mouse.down();
    await (await refused).finished();
    // By the answer of a later request the page has read the one before.
    await page.evaluate(() => fetch(location.pathname).then((answer) => answer.text()));
    await page.mouse.up();
    const alert = page.getByRole('alert');
    await expect(alert).toBeFocused();
    await expect(alert.getByRole('link', { name: /email/i })).toBeVisible();
  });

  test('what the merchant asks has to be answered', async ({ page, payPage, sandbox }) => {
    const session = await createKitchenSinkSession(sandbox);
    await page.goto(session.url ?? '');
    await payPage.payWith(cards.visa);
    const alert = page.getByRole('alert');
    await expect(alert).toBeFocused();
    await expect(alert.getByRole('listitem')).toHaveText([
      'Engraving: Required',
      'Color: Required',
      'Please accept the terms of service to go on.',
    ]);
    await alert.getByRole('link', { name: 'Color' }).click();
    await expect(page.getByRole('combobox', { name: 'Color' })).toBeFocused();
    expect((await sandbox.retrieveSession(session.id)).status).toBe('open');
    await payPage.answer('For Grace');
    await payPage.payButton.click();
    await expectSentBack(page);
  });

  test('a code is told in its field when it is none', async ({ page, payPage, sandbox }) => {
    const { session, code } = await askForGift(sandbox, sandbox.url);
    await page.goto(session.url ?? '');
    const field = page.getByRole('textbox', { name: 'Promotion code' });
    await field.fill('NOPE');
    await field.press('Enter');
    await expect(field).toHaveAccessibleDescription('This code is invalid.');
    await expect(field).toBeFocused();
    await payPage.applyCode(code);
    await payPage.expectTotal('$18.00');
    await payPage.removeButton(`promotion code ${code}`).click();
    await payPage.expectTotal('$20.00');
    await expect(field).toBeFocused();
  });

  test('an address asks for what there is in its country', async ({ page, payPage, sandbox }) => {
    const { session } = await askForGift(sandbox, sandbox.url);
    await page.goto(session.url ?? '');
    const state = page.getByRole('textbox', { name: 'State or province' });
    await expect(state).toBeVisible();
    await state.fill('California');
    await payPage.shipToBerlin();
    await expect(state).toBeHidden();
    await payPage.payWith(cards.visa);
    await expectSentBack(page);
    const { collected_information: collected } = await sandbox.retrieveSession(session.id);
    expect(collected.shipping_details?.address).toMatchObject({ city: 'Berlin', state: null });
  });

  test('a bank debit promises the money and brings it later', async ({ page, payPage, sandbox }) => {
    const session = await askForEuros(sandbox);
    await page.goto(session.url ?? '');
    await payPage.payByDebit('DE00 1234');
    await expect(page.getByRole('textbox', { name: 'IBAN' })).toHaveAccessibleDescription('Your IBAN is invalid.');
    await payPage.payByDebit('AT61 1904 3002 3457 3201');
    await expectSentBack(page);
    expect(await sandbox.retrieveSession(session.id)).toMatchObject({ status: 'complete', payment_status: 'unpaid' });
    await page.goto(session.url ?? '');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your payment is on its way');
    await sandbox.moveClock(61);
    expect(await sandbox.retrieveSession(session.id)).toMatchObject({ payment_status: 'paid' });
    await page.reload();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('You have paid already');
  });

  test('an expired page leads to a new one for the same order', async ({ page, payPage, sandbox, errorGuard }) => {
    errorGuard.expectStatus(410, /\/c\/pay\//);
    const session = await askForEuros(sandbox, { 'after_expiration[recovery][enabled]': 'true' });
    await sandbox.expire(session);
    await page.goto(session.url ?? '');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('This payment page has expired');
    await page.getByRole('link', { name: 'Start again' }).click();
    await payPage.expectTotal('€20.00');
    await payPage.payWith(cards.visa);
    await expectSentBack(page);
    expect((await sandbox.retrieveSession(session.id)).status).toBe('expired');
    expect(await sandbox.charges()).toHaveLength(1);
  });

  test('coming back, reloading and paying twice take no money again', async ({ page, payPage, sandbox }) => {
    const session = await askForEuros(sandbox);
    await page.goto(session.url ?? '');
    await payPage.payWith(cards.declined);
    await payPage.expectRefused(/declined/i);
    await page.reload();
    await expect(payPage.email, 'who it was is still known').toHaveValue('ada@example.com');
    const other = await page.context().newPage();
    await other.goto(session.url ?? '');
    await payPage.payWith(cards.visa);
    await expectSentBack(page);
    await new PayPage(other).payWith(cards.visa);
    await expectSentBack(other);
    await page.goBack();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('You have paid already');
    expect(await sandbox.charges()).toHaveLength(1);
  });

  test('the bank’s page can be left, reloaded and answered in another tab', async ({ page, payPage, sandbox }) => {
    const session = await askForEuros(sandbox);
    await page.goto(session.url ?? '');
    await payPage.payWith(cards.threeDSecure);
    const heading = page.getByRole('heading', { level: 1 });
    await expect(heading).toHaveText('Confirm your payment');
    await page.reload();
    await expect(heading).toHaveText('Confirm your payment');
    const other = await page.context().newPage();
    await other.goto(page.url());
    await new PayPage(other).complete3DS();
    await expectSentBack(other);
    await payPage.complete3DS();
    await expectSentBack(page);
    expect(await sandbox.charges()).toHaveLength(1);
  });
});
