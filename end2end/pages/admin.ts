import { expect, type Locator, type Page } from '@playwright/test';

import { awake } from './awake.ts';

/** The owner's side. */
export class AdminPage {
  readonly password: Locator;
  readonly signInButton: Locator;
  readonly notice: Locator;
  /** The orders of the list, newest first. */
  readonly rows: Locator;

  constructor(private readonly page: Page) {
    this.password = page.getByLabel('Password');
    this.signInButton = page.getByRole('button', { name: 'Sign in' });
    this.notice = page.getByRole('main').getByRole('alert');
    this.rows = page.getByRole('main').locator('tbody').getByRole('row');
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

  async signOut(): Promise<void> {
    await this.page.getByRole('button', { name: 'Sign out' }).click();
    await this.expectDoor();
  }
}
