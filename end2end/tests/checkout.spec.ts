import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { texts } from '../fixtures/awkward.ts';
import { cards, dollars, expect, needsSandbox, type Shopper } from '../fixtures/test.ts';
import { testWithRules as test } from '../fixtures/rules.ts';
import { ada } from '../pages/checkout.ts';

const grace = {
  email: 'grace@example.com',
  country: 'Germany',
  name: 'Grace Hopper',
  line1: 'Unter den Linden 1',
  city: 'Berlin',
  postalCode: '10117',
};

/** Puts a print into the cart and comes to the checkout. Answers its price in cents. */
async function begin(shopper: Shopper, slug = 'eddy', options = 'A4'): Promise<number> {
  await shopper.product.open(slug);
  const price = await shopper.product.price(options);
  await shopper.product.choose(options);
  await shopper.product.add();
  await shopper.cart.open();
  await shopper.cart.checkout.click();
  await shopper.checkout.expectOpen();
  return price;
}

async function expectAccessible(page: Page): Promise<void> {
  const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).withTags(rules).analyze();
  const found = violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} at ${target.join(' ')}`));
  expect(found).toEqual([]);
}

test('one price everywhere: checkout, pay page, order, letters and admin', { tag: needsSandbox.tag }, async ({
  page,
  shopper,
  checkout,
  payPage,
  order,
  admin,
  sandbox,
  server,
}) => {
  const price = await begin(shopper);
  await checkout.type({ ...ada, region: 'New York', postalCode: '10001', city: 'New York' });
  await checkout.chooseDelivery('Express');
  await checkout.applyCode(' welcome 10');
  const discount = Math.floor((price + 5) / 10);
  await expect(checkout.amount('WELCOME10')).toHaveText(`−${dollars(discount)}`);
  await expect(checkout.amount('Delivery: Express')).toHaveText('$15.00');
  const tax = Math.floor(((price - discount + 1500) * 8875 + 50_000) / 100_000);
  await expect(checkout.amount('Sales tax')).toHaveText(dollars(tax));
  const total = price - discount + 1500 + tax;
  await checkout.expectTotal(dollars(total));
  await checkout.pay();
  await payPage.expectTotal(dollars(total));
  expect(await sandbox.session()).toMatchObject({ amount_total: total });
  await expect(payPage.email).toHaveValue('ada@example.com');
  await payPage.payWith(cards.visa);
  await order.expectStatus('Paid');
  expect(await sandbox.charge()).toMatchObject({ amount: total });
  const amounts = ['$15.00', dollars(discount), dollars(tax), dollars(total)];
  const address = ['Ada Lovelace', '1 Main Street', 'New York', '10001', 'United States'];
  for (const text of [...amounts, ...address]) {
    await expect(page.getByRole('main')).toContainText(text);
  }
  await expect.poll(() => server.emails().length).toBeGreaterThanOrEqual(2);
  const number = await order.number();
  await admin.signIn(server.password);
  await admin.openOrder(number);
  for (const text of [...amounts, ...address]) {
    await expect(admin.main).toContainText(text);
    for (const email of server.emails().filter((html) => html.includes(number))) {
      expect(email).toContain(text);
    }
  }
});

test('abroad costs another delivery, and the form follows the country', async ({ page, shopper, checkout, payPage, order }) => {
  const price = await begin(shopper);
  await checkout.type(grace);
  await expect(checkout.field('address-level1')).toHaveCount(0);
  await expect(checkout.deliveries).toHaveCount(1);
  await expect(checkout.amount('Delivery: International')).toHaveText('$19.00');
  await checkout.expectTotal(dollars(price + 1900));
  await checkout.pay();
  await payPage.payWith(cards.visa);
  await order.expectStatus('Paid');
  await expect(page.getByRole('main')).toContainText('10117 Berlin');
});

test('where nothing is delivered is said before paying', async ({ page, shopper, checkout }) => {
  await begin(shopper);
  await checkout.chooseCountry('Japan');
  await expect(page.getByText('We do not deliver to Japan.')).toBeVisible();
  await expect(checkout.payButton).toHaveCount(0);
  await checkout.chooseCountry('Germany');
  await expect(checkout.payButton).toBeVisible();
});

test('problems have the focus, lead to their fields, and nothing typed is lost', async ({
  page,
  shopper,
  checkout,
  errorGuard,
}) => {
  errorGuard.expectStatus(422, /\/checkout/);
  errorGuard.forgive(/status of 422/);
  await begin(shopper);
  await checkout.type({ country: 'United States', name: texts.rtl, line1: texts.emoji });
  await checkout.payButton.click();
  await expect(checkout.problems).toBeFocused();
  await expect(page).toHaveTitle(/^Error: Checkout/);
  await expectAccessible(page);
  await expect(checkout.field('name')).toHaveValue(texts.rtl);
  await expect(checkout.field('address-line1')).toHaveValue(texts.emoji);
  await checkout.problems.getByRole('link', { name: 'Enter an email address' }).click();
  await expect(checkout.email).toBeFocused();
  await expect(checkout.email).toHaveAccessibleDescription(/Enter an email address/);
  await checkout.type(ada);
  await expect(checkout.problems).toHaveCount(0);
  await checkout.pay();
});

test('a code that cannot be used says why, and is kept', async ({ shopper, checkout }) => {
  const price = await begin(shopper);
  await checkout.type(ada);
  await checkout.applyCode('nothing');
  await expect(checkout.code).toHaveAccessibleDescription(/There is no such code/);
  await expect(checkout.code).toHaveValue('nothing');
  await expect(checkout.code).toBeFocused();
  await checkout.expectTotal(dollars(price + 500));
  await checkout.applyCode('');
  await expect(checkout.code).toHaveAccessibleDescription('');
});

test('an order of nothing needs no payment', async ({ page, shopper, checkout, order }) => {
  await begin(shopper);
  await checkout.type(ada);
  await checkout.chooseDelivery('At the shop');
  await checkout.applyCode('FREE');
  await expect(checkout.payButton).toHaveText('Place order, nothing to pay');
  await checkout.payButton.click();
  await order.expectStatus('Paid');
  await order.expectTotal(0);
  await expect(page.getByRole('main')).toContainText('1 Main Street');
});

test('two windows with different addresses end in one order, of the later one', { tag: needsSandbox.tag }, async ({
  page,
  shopper,
  checkout,
  payPage,
  order,
  sandbox,
}) => {
  const price = await begin(shopper);
  const second = await shopper.secondTab();
  await second.page.goto('/checkout');
  await checkout.type(ada);
  await checkout.pay();
  await second.checkout.type(grace);
  await second.checkout.pay();
  await second.payPage.payWith(cards.visa);
  await second.order.expectStatus('Paid');
  await expect(second.page.getByRole('main')).toContainText('Berlin');
  const sessions = await sandbox.sessions();
  expect(sessions.map(({ status }) => status).sort()).toEqual(['complete', 'expired']);
  expect(await sandbox.charge()).toMatchObject({ amount: price + 1900 });
  await page.goto('/cart');
  await shopper.cart.expectEmpty();
  expect([payPage, order]).toHaveLength(2);
});

test('back from the payment page another country is chosen', { tag: needsSandbox.tag }, async ({
  page,
  shopper,
  checkout,
  payPage,
  order,
  sandbox,
}) => {
  const price = await begin(shopper);
  await checkout.type(ada);
  await checkout.pay();
  await page.goBack();
  await checkout.expectOpen();
  await expect(checkout.field('name')).toHaveValue('Ada Lovelace');
  await checkout.type(grace);
  await checkout.expectTotal(dollars(price + 1900));
  await checkout.pay();
  await payPage.payWith(cards.visa);
  await order.expectStatus('Paid');
  expect(await sandbox.charge()).toMatchObject({ amount: price + 1900 });
});

test('the next visit knows the address, until the shopper has it forgotten', async ({ page, shopper, checkout, payPage, order }) => {
  await begin(shopper);
  await checkout.type(ada);
  await page.getByRole('textbox', { name: 'Note to the shop' }).fill('Ring twice');
  await checkout.pay();
  await payPage.payWith(cards.visa);
  await order.expectStatus('Paid');
  await begin(shopper, 'twill', 'A3');
  await expect(checkout.email).toHaveValue('ada@example.com');
  await expect(checkout.field('address-line1')).toHaveValue('1 Main Street');
  await expect(page.getByRole('textbox', { name: 'Note to the shop' })).toHaveValue('');
  await page.getByRole('button', { name: 'Forget what I typed' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'forgotten' })).toBeVisible();
  await expect(checkout.email).toHaveValue('');
  await expect(checkout.field('address-line1')).toHaveValue('');
});

test('the checkout is usable by keyboard alone and accessible', async ({ page, shopper, checkout, payPage }) => {
  await begin(shopper);
  await expectAccessible(page);
  await checkout.email.focus();
  await page.keyboard.type('ada@example.com');
  const steps = ['newsletter', 'country', 'name'];
  for (const id of steps) {
    await page.keyboard.press('Tab');
    await expect(page.locator(':focus')).toHaveAttribute('id', id);
  }
  await checkout.type(ada);
  await checkout.deliveries.first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(checkout.amount('Delivery: Express')).toHaveText('$15.00');
  await expect(checkout.deliveries.nth(1)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(checkout.amount('Delivery: Standard')).toHaveText('$5.00');
  await expectAccessible(page);
  // Enter shows totals, and never pays.
  await checkout.field('postal-code').press('Enter');
  await checkout.expectOpen();
  await checkout.payButton.focus();
  await page.keyboard.press('Enter');
  await payPage.expectOpen();
});

test('awkward texts are kept and do not break the page', async ({ page, shopper, checkout, errorGuard }) => {
  errorGuard.expectStatus(422, /\/checkout/);
  errorGuard.forgive(/status of 422/);
  await begin(shopper);
  await checkout.type({ ...ada, name: texts.word, line1: texts.cjk, city: texts.rtl });
  await checkout.applyCode(texts.word);
  await checkout.email.fill(`${texts.word}@`);
  await checkout.payButton.click();
  await expect(checkout.problems).toBeVisible();
  for (const width of [320, 390, 768, 1440]) {
    for (const scale of [1, 2]) {
      await page.setViewportSize({ width, height: 900 });
      const over = await page.evaluate((size) => {
        const root = document.documentElement;
        root.style.fontSize = `${size * 100}%`;
        const excess = root.scrollWidth - root.clientWidth;
        root.style.fontSize = '';
        return excess;
      }, scale);
      expect(over, `${width} pixels, text at ${scale * 100} %`).toBeLessThanOrEqual(0);
    }
  }
  await expect(checkout.field('address-line1')).toHaveValue(texts.cjk);
});

test('a click on Pay waits for the total of what was typed', { tag: needsSandbox.tag }, async ({
  page,
  shopper,
  checkout,
  payPage,
}) => {
  const price = await begin(shopper);
  await checkout.type(ada);
  await checkout.expectTotal(dollars(price + 500));
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/checkout', async (route) => {
    if (route.request().resourceType() === 'fetch') {
      await held;
    }
    await route.continue();
  });
  await page.getByRole('radio', { name: 'Express' }).check();
  await checkout.payButton.click();
  await expect(checkout.payButton).toHaveText(`Pay ${dollars(price + 500)}`);
  release();
  await checkout.expectTotal(dollars(price + 1500));
  await checkout.pay();
  await payPage.expectTotal(dollars(price + 1500));
});
