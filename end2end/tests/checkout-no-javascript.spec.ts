import { cards, dollars, expect } from '../fixtures/test.ts';
import { testWithRules as test } from '../fixtures/rules.ts';
import { ada } from '../pages/checkout.ts';

test.beforeEach(({ errorGuard }) => {
  errorGuard.forgive(/was preloaded using link preload but not used/);
});

test('without JavaScript country, delivery and code are followed by buttons', async ({
  page,
  product,
  cart,
  checkout,
  payPage,
  order,
  errorGuard,
}) => {
  errorGuard.expectStatus(422, /\/checkout/);
  errorGuard.forgive(/status of 422/);
  await product.open('eddy');
  const price = await product.price('A4');
  await product.choose('A4');
  await product.add();
  await cart.checkout.click();
  await checkout.chooseCountry('Germany');
  await expect(checkout.amount('Delivery: International')).toHaveText('$19.00');
  await checkout.chooseCountry('United States');
  await checkout.type(ada);
  await checkout.expectTotal(dollars(price + 500));
  // Another delivery than the total was shown for is asked about, not charged.
  await page.getByRole('radio', { name: 'Express' }).check();
  await checkout.payButton.click();
  await expect(checkout.problems).toContainText(`The total is ${dollars(price + 1500)} now; it was ${dollars(price + 500)}.`);
  await expect(checkout.field('name')).toHaveValue('Ada Lovelace');
  await checkout.applyCode('welcome10');
  const discount = Math.floor((price + 5) / 10);
  await checkout.expectTotal(dollars(price - discount + 1500));
  await checkout.pay();
  await payPage.payWith(cards.visa);
  await order.expectStatus('Paid');
  await order.expectTotal(price - discount + 1500);
});
