import { expect, type Locator, type Page } from '@playwright/test';

import { dollars } from '../fixtures/money.ts';
import { awake } from './awake.ts';

type Status =
  | 'Waiting for payment'
  | 'Payment processing'
  | 'Paid'
  | 'Payment failed'
  | 'Expired'
  | 'Partially refunded'
  | 'Refunded';

/** The shopper's page of an order. */
export class OrderPage {
  readonly status: Locator;
  readonly rows: Locator;
  readonly total: Locator;
  readonly refunded: Locator;
  readonly shipped: Locator;

  constructor(private readonly page: Page) {
    this.status = page.getByRole('status');
    this.rows = page.getByRole('main').locator('tbody').getByRole('row');
    this.total = page.getByRole('main').locator('tfoot .is-total').getByRole('cell');
    this.refunded = page.getByText(/^Refunded: /);
    this.shipped = page.getByText(/^Shipped with/);
  }

  async open(address: string): Promise<void> {
    await this.page.goto(address);
    await awake(this.page);
  }

  async expectStatus(status: Status): Promise<void> {
    await expect(this.page).toHaveURL(/\/orders\/\w+/);
    await expect(this.status).toHaveText(status);
    await awake(this.page);
  }

  /** Looks again and again: a page of an order that is over does not ask by itself, and webhooks take their time. */
  async becomes(status: Status, address: string): Promise<void> {
    await expect(async () => {
      await this.open(address);
      await expect(this.status).toHaveText(status, { timeout: 500 });
    }).toPass();
  }

  /** Sees a line: so many of this, at this price, in cents. */
  async expectLine(title: string, options: string, price: number, quantity: number): Promise<void> {
    const row = this.rows.filter({ hasText: title }).filter({ hasText: options });
    await expect(row).toHaveCount(1);
    await expect(row).toContainText(dollars(price));
    await expect(row.getByRole('cell', { name: String(quantity), exact: true })).toBeVisible();
    await expect(row.getByRole('cell').last()).toHaveText(dollars(price * quantity));
  }

  async expectTotal(amount: number): Promise<void> {
    await expect(this.total).toHaveText(dollars(amount));
  }

  /** The number that people call it by. */
  async number(): Promise<string> {
    const heading = await this.page.getByRole('heading', { level: 1 }).textContent();
    return heading?.replace('Order ', '') ?? '';
  }
}
