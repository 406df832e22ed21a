import { cards, expect, needsSandbox, test } from '../fixtures/test.ts';

const { tag } = needsSandbox;

/** Fields that a shopper might hope to be asked for. */
const injected = ['unit_amount', 'amount', 'price', 'total', 'currency', 'line_items[0][price_data][unit_amount]'];

/** Sends a page's own form by hand with more in it, past every script. */
function sendForged(form: HTMLFormElement, fields: Record<string, string>): void {
  for (const [name, value] of Object.entries(fields)) {
    form.querySelectorAll(`input[name="${CSS.escape(name)}"]`).forEach((input) => input.remove());
    const input = Object.assign(document.createElement('input'), { type: 'hidden', name, value });
    form.append(input);
  }
  form.submit();
}

const cheap = Object.fromEntries(injected.map((name) => [name, '1']));

test('prices in the cookie and in the forms change nothing about what is charged', { tag }, async ({
  page,
  context,
  server,
  store,
  product,
  cart,
  payPage,
  order,
  sandbox,
}) => {
  await product.open('swell');
  const price = await product.price('A4 / Framed oak');
  await page.locator('form.buy').evaluate(sendForged, { ...cheap, variant: 'swel-a4-oak' });
  await cart.expectOpen();
  await cart.expectSubtotal(price);

  await context.addCookies([
    { name: 'cart', value: 'swel-a4-oak.1~unit_amount.1~swel-a4-oak.price.1', url: server.url },
    { name: 'cart_seen', value: 'swel-a4-oak.1', url: server.url },
    { name: 'price', value: '1', url: server.url },
    { name: 'unit_amount', value: '1', url: server.url },
  ]);
  await cart.open();
  await expect(cart.line('Swell').notice).toContainText('The price changed from $0.01');
  await cart.expectSubtotal(price);
  await expect(cart.lines).toHaveCount(1);
  await cart.open();
  await page.locator('form[action="/api/start_checkout"]').evaluate(sendForged, cheap);
  await expect(payPage.payButton).toBeVisible();
  await payPage.payWith(cards.visa);
  await order.expectStatus('Paid');
  await order.expectTotal(price);
  await store.expectInCart(0);
  expect(await sandbox.charges()).toMatchObject([{ amount: price }]);
});

test('a variant of another product costs what it costs', { tag }, async ({ page, product, cart, payPage, sandbox }) => {
  await product.open('low-water');
  const price = await product.price('A2 / Framed oak');
  await product.open('bookmarks');
  expect(await product.price()).toBeLessThan(price);
  await page.locator('form.buy').evaluate(sendForged, { ...cheap, variant: 'low-a2-oak' });
  await cart.expectOpen();
  await cart.line('Low Water', 'A2 / Framed oak').expectQuantity(1);
  await cart.expectSubtotal(price);
  await cart.checkOut();
  await payPage.payAndNeverReturn(cards.visa);
  expect(await sandbox.charges()).toMatchObject([{ amount: price }]);
});

test('variants and quantities that no page offers are refused in words', async ({ page, product, cart }) => {
  for (const [fields, words] of [
    [{ variant: 'nothing-like-this' }, 'no longer sold'],
    [{ variant: "x' OR '1'='1" }, 'no longer sold'],
    [{ quantity: '-1' }, 'whole number from 1 to 99'],
    [{ quantity: 'abc' }, 'whole number from 1 to 99'],
    [{ quantity: '1.5' }, 'whole number from 1 to 99'],
  ] as const) {
    await product.open('bookmarks');
    await page.locator('form.buy').evaluate(sendForged, fields as Record<string, string>);
    await cart.expectOpen();
    await expect(cart.notice).toContainText(words);
    await cart.expectEmpty();
  }
});

const cookies = [
  '',
  '%',
  '%00%ff',
  '.',
  '~~~',
  'a.b.c~.1~1.',
  'low-a4-mat',
  'low-a4-mat.0',
  'low-a4-mat.-1',
  'low-a4-mat.abc',
  'low-a4-mat.1e9',
  'nothing-like-this.2',
  '{"items":[]}',
  '<script>alert(1)</script>',
  'é𝄞',
  'x.1~'.repeat(900),
];
const pages = ['/', '/products', '/products/low-water', '/collections/tides', '/cart', '/admin/login'];

test('a cart cookie that is none breaks no page', async ({ page, context, server, store, cart }) => {
  for (const value of cookies) {
    for (const path of pages) {
      const answer = await page.request.get(path, { headers: { Cookie: `cart=${encodeURI(value)}` } });
      expect(answer.status(), `${path} with ${value.slice(0, 40)}`).toBe(200);
    }
    await context.addCookies([{ name: 'cart', value, url: server.url }]);
    await cart.open();
    await cart.expectEmpty();
    await store.expectInCart(0);
  }
});

test('a quantity beyond all bounds is the most that there is', async ({ context, server, cart }) => {
  for (const quantity of ['1000000000', '99999999999999999999', '100']) {
    await context.addCookies([{ name: 'cart', value: `arcd-a2.${quantity}`, url: server.url }]);
    await cart.open();
    await expect(cart.line('Arcade').notice).toContainText(/Only \d left/);
    await expect(cart.line('Arcade').quantity).toHaveValue(/^\d$/);
  }
});

test('another site’s form can neither add to the cart nor check out', async ({ page, server, cart, errorGuard }) => {
  errorGuard.expectStatus(403, /\/api\//);
  for (const action of ['add_to_cart', 'start_checkout']) {
    await page.route('http://elsewhere.test/', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<!doctype html><title>Elsewhere</title>
          <form method="post" action="${server.url}/api/${action}">
            <input name="variant" value="book-one"><input name="quantity" value="1"><button>Win</button>
          </form>`,
      }),
    );
    await page.goto('http://elsewhere.test/');
    await page.getByRole('button', { name: 'Win' }).click();
    await expect(page.getByText('sent from another site')).toBeVisible();
  }
  await cart.open();
  await cart.expectEmpty();
});
