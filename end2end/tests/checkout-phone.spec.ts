import { cards, dollars, expect } from '../fixtures/test.ts';
import { testWithRules as test } from '../fixtures/rules.ts';
import { ada } from '../pages/checkout.ts';

test('a print is shipped home from a phone', async ({ page, product, cart, checkout, payPage, order }) => {
  await product.open('eddy');
  const price = await product.price('A3');
  await product.choose('A3');
  await product.add();
  await cart.open();
  await cart.checkout.tap();
  await checkout.type(ada);
  await expect(checkout.field('postal-code')).toHaveAttribute('inputmode', 'numeric');
  await checkout.expectTotal(dollars(price + 500));
  const sizes = await page.locator('#checkout-form :is(input:not([type=hidden]), select, textarea, button, label.choice, label.check):visible').evaluateAll(
    (all) => all.map((each) => (each.closest('label') ?? each).getBoundingClientRect()).filter(({ height }) => height < 44).length,
  );
  expect(sizes, 'everything can be hit with a thumb').toBe(0);
  await checkout.payButton.tap();
  await payPage.payWith(cards.visa);
  await order.expectStatus('Paid');
  await order.expectTotal(price + 500);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over).toBeLessThanOrEqual(0);
});
