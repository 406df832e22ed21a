import { expect, type Locator, type Page } from '@playwright/test';

import { awake } from './awake.ts';

/** The owner's side. */
export class AdminPage {
  readonly password: Locator;
  readonly signInButton: Locator;
  readonly notice: Locator;
  /** The orders of the list, newest first. */
  readonly rows: Locator;
  readonly main: Locator;
  /** What became of what was asked for. */
  readonly said: Locator;
  readonly amount: Locator;
  /** Leads to the page that asks. */
  readonly refundButton: Locator;
  /** The one button of the page that asks before money moves. */
  readonly confirmButton: Locator;

  constructor(private readonly page: Page) {
    this.password = page.getByLabel('Password');
    this.signInButton = page.getByRole('button', { name: 'Sign in' });
    this.main = page.getByRole('main');
    this.notice = this.main.getByRole('alert');
    this.said = this.main.getByRole('status');
    this.rows = this.main.locator('tbody').getByRole('row');
    this.amount = page.getByLabel('Amount', { exact: true });
    this.refundButton = page.getByRole('button', { name: 'Refund', exact: true });
    this.confirmButton = this.main.getByRole('button', { name: /^Refund .*\d$/ });
  }

  async open(path = '/admin'): Promise<void> {
    await this.page.goto(path);
    await awake(this.page);
  }

  async expectDoor(): Promise<void> {
    await expect(this.page).toHaveURL(/\/admin\/login/);
    await expect(this.password).toBeVisible();
    await awake(this.page);
  }

  async tryPassword(password: string): Promise<void> {
    await this.password.fill(password);
    await this.signInButton.click();
  }

  /** Comes in and sees the orders. */
  async signIn(password: string): Promise<void> {
    await this.open('/admin/login');
    await this.tryPassword(password);
    await expect(this.page).toHaveURL(/\/admin\/orders$/);
    await awake(this.page);
  }

  async openOrder(number: string): Promise<void> {
    await this.page.getByRole('link', { name: number, exact: true }).click();
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText(`Order ${number}`);
    await awake(this.page);
  }

  /** What the page of an order says under a name, such as `E-mail`. */
  fact(name: string): Locator {
    return this.page.locator('dt', { hasText: new RegExp(`^${name}$`) }).locator('+ dd');
  }

  /** Asks for an amount to be given back. */
  async askRefund(amount: string): Promise<void> {
    await this.amount.fill(amount);
    await this.refundButton.click();
  }

  /** Says yes on the page that asks. */
  async confirmRefund(): Promise<void> {
    await expect(this.page).toHaveURL(/\/refund\?/);
    await this.confirmButton.click();
  }

  /** Gives an amount back. */
  async refund(amount: string): Promise<void> {
    await this.askRefund(amount);
    await this.confirmRefund();
  }

  /** Gives back the price of so many pieces of the order's only line, of which so many came back unharmed. */
  async refundPieces(quantity: number, restocked: number): Promise<void> {
    await this.page.getByText('Choose pieces').click();
    await this.page.getByRole('spinbutton', { name: /^Refunded pieces/ }).fill(String(quantity));
    await this.page.getByRole('spinbutton', { name: 'Back on the shelf' }).fill(String(restocked));
    await this.refundButton.click();
    await this.confirmRefund();
  }

  async ship(carrier: string, trackingNumber: string): Promise<void> {
    const button = this.page.getByRole('button', { name: 'Mark as shipped' });
    const form = this.page.locator('form').filter({ has: button });
    await form.getByLabel('Carrier').fill(carrier);
    await form.getByLabel('Tracking number').fill(trackingNumber);
    await button.click();
  }

  async signOut(): Promise<void> {
    await this.page.getByRole('button', { name: 'Sign out' }).click();
    await this.expectDoor();
  }
}
