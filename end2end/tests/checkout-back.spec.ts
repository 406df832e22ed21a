import { launchOptions } from '../fixtures/browser.ts';
import { testWithRules as test } from '../fixtures/rules.ts';
import { cents, dollars } from '../fixtures/test.ts';
import { ada } from '../pages/checkout.ts';

// Browsers keep a page in memory for the way back; Playwright switches that off unless asked.
test.use({ launchOptions: { ...launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache'] } });

test('a checkout that is come back to shows what it costs now', async ({ page, product, cart, checkout }) => {
  await product.open('eddy');
  await product.choose('A4');
  await product.add();
  await cart.open();
  await cart.checkout.click();
  await checkout.type(ada);
  const shown = cents((await checkout.summary.locator('#checkout-total').textContent()) ?? '');
  await checkout.pay();
  await page.evaluate(() => history.back());
  await checkout.expectOpen();
  await checkout.expectTotal(dollars(shown));
  await checkout.pay();
});
