import { expect, type Locator, type Page } from '@playwright/test';

import { cents, dollars } from '../fixtures/money.ts';
import { awake } from './awake.ts';
import { PayPage } from './pay.ts';

/** One line of the cart. */
export class CartLine {
  readonly quantity: Locator;
  readonly more: Locator;
  readonly less: Locator;
  readonly update: Locator;
  readonly removeButton: Locator;
  readonly total: Locator;
  /** What the shopper has to know about it. */
  readonly notice: Locator;

  constructor(readonly item: Locator) {
    this.quantity = item.getByRole('spinbutton', { name: 'Quantity' });
    this.more = item.getByRole('button', { name: /^One more/ });
    this.less = item.getByRole('button', { name: /^One less/ });
    this.update = item.getByRole('button', { name: 'Update' });
    this.removeButton = item.getByRole('button', { name: 'Remove' });
    this.total = item.locator('.cart-line-total');
    this.notice = item.getByRole('status');
  }

  /** The price of one, in cents. */
  async price(): Promise<number> {
    return cents(((await this.item.getByText('each').textContent()) ?? '').replace('each', ''));
  }

  /** Sees the quantity, and that the line costs what so many cost. */
  async expectQuantity(quantity: number): Promise<void> {
    await expect(this.quantity).toHaveValue(String(quantity));
    await expect(this.total).toHaveText(dollars((await this.price()) * quantity));
  }
}

/** The cart. */
export class CartPage {
  readonly lines: Locator;
  readonly subtotal: Locator;
  readonly checkout: Locator;
  readonly notice: Locator;

  constructor(private readonly page: Page) {
    const main = page.getByRole('main');
    this.lines = main.locator('.cart-lines').getByRole('listitem');
    this.subtotal = main.getByRole('region', { name: 'Summary' }).getByRole('definition');
    this.checkout = main.getByRole('button', { name: 'Checkout' });
    this.notice = main.getByRole('alert').filter({ hasText: /\S/ });
  }

  async open(): Promise<void> {
    await this.page.goto('/cart');
    await this.expectOpen();
  }

  async expectOpen(): Promise<void> {
    await expect(this.page).toHaveURL(/\/cart(\?.*)?$/);
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText('Your cart');
    await awake(this.page);
  }

  /** The line of a product, or of one variant of it. */
  line(title: string, options = ''): CartLine {
    const item = this.lines.filter({ has: this.page.getByText(title, { exact: true }) });
    return new CartLine(options ? item.filter({ has: this.page.getByText(options, { exact: true }) }) : item);
  }

  async setQuantity(line: CartLine, quantity: number): Promise<void> {
    await line.quantity.fill(String(quantity));
    await line.quantity.press('Tab');
    await line.expectQuantity(quantity);
  }

  async expectSubtotal(amount: number): Promise<void> {
    await expect(this.subtotal).toHaveText(dollars(amount));
  }

  async expectEmpty(): Promise<void> {
    await expect(this.page.getByText('Your cart is empty.')).toBeVisible();
    await expect(this.lines.and(this.page.locator(':visible'))).toHaveCount(0);
    await expect(this.checkout).toBeHidden();
  }

  /** Goes to pay, and arrives there. */
  async checkOut(): Promise<void> {
    await this.checkout.click();
    await new PayPage(this.page).expectOpen();
  }
}
