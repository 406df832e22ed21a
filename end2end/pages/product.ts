import { expect, type Locator, type Page } from '@playwright/test';

import { cents } from '../fixtures/money.ts';
import { awake, hasJavaScript } from './awake.ts';

/** The page of one product. */
export class ProductPage {
  readonly addButton: Locator;
  readonly quantity: Locator;
  /** What the page says about the last attempt to add. */
  readonly said: Locator;

  constructor(private readonly page: Page) {
    this.addButton = page.getByRole('button', { name: 'Add to cart' });
    this.quantity = page.getByRole('spinbutton', { name: 'Quantity' });
    this.said = page.getByRole('status');
  }

  async open(slug: string): Promise<void> {
    await this.page.goto(`/products/${slug}`);
    await awake(this.page);
  }

  /** The radio button of a variant, such as `A3 / Matte`. */
  variant(options: string): Locator {
    return this.choice(options).getByRole('radio');
  }

  async choose(options: string): Promise<void> {
    await this.variant(options).check();
  }

  /** What a variant costs, in cents; or the product, when there is nothing to choose. */
  async price(options?: string): Promise<number> {
    const place = options === undefined ? this.page.locator('.product-words') : this.choice(options);
    return cents((await place.getByText('$').textContent()) ?? '');
  }

  /** Adds what is chosen, and sees it done. */
  async add(quantity = 1): Promise<void> {
    await this.tryToAdd(quantity);
    if (hasJavaScript()) {
      await expect(this.said).toContainText('Added to your cart.');
    } else {
      await expect(this.page).toHaveURL(/\/cart$/);
    }
  }

  async tryToAdd(quantity: number): Promise<void> {
    await this.quantity.fill(String(quantity));
    await this.addButton.click();
  }

  private choice(options: string): Locator {
    return this.page.locator('label').filter({ has: this.page.getByText(options, { exact: true }) });
  }
}
