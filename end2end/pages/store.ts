import { expect, type Locator, type Page } from '@playwright/test';

import { awake } from './awake.ts';

/** What every page of the store has: the header with the cart, and links to walk along. */
export class Store {
  readonly main: Locator;
  readonly heading: Locator;
  readonly cartLink: Locator;

  constructor(private readonly page: Page) {
    this.main = page.getByRole('main');
    this.heading = page.getByRole('heading', { level: 1 });
    this.cartLink = page.getByRole('banner').getByRole('link', { name: /^Cart/ });
  }

  async open(path = '/'): Promise<void> {
    await this.page.goto(path);
    await awake(this.page);
  }

  /** Clicks a link in the page's content, such as a collection's or a product's, and arrives at a page named so. */
  async follow(name: string): Promise<void> {
    const link = this.main.getByRole('link').filter({ has: this.page.getByText(name, { exact: true }) });
    await link.first().click();
    await expect(this.heading).toHaveText(name);
    await awake(this.page);
  }

  /** How many pieces the header says are in the cart. */
  async expectInCart(count: number): Promise<void> {
    const name = count === 1 ? 'Cart, 1 item' : `Cart, ${count} items`;
    await expect(this.cartLink).toHaveAccessibleName(name);
  }
}
