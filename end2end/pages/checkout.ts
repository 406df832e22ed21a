import { expect, type Locator, type Page } from '@playwright/test';

import { hasJavaScript, awake } from './awake.ts';
import { PayPage } from './pay.ts';

/** What a shopper types; what is not named stays as it is. */
export interface Typed {
  email?: string;
  country?: string;
  name?: string;
  line1?: string;
  city?: string;
  region?: string;
  postalCode?: string;
}

export const ada: Typed = {
  email: 'ada@example.com',
  country: 'United States',
  name: 'Ada Lovelace',
  line1: '1 Main Street',
  city: 'Springfield',
  region: 'Illinois',
  postalCode: '62701',
};

/** The page between cart and payment. */
export class CheckoutPage {
  readonly form: Locator;
  readonly email: Locator;
  readonly country: Locator;
  readonly code: Locator;
  readonly payButton: Locator;
  readonly summary: Locator;
  /** The list of problems. */
  readonly problems: Locator;
  readonly deliveries: Locator;

  constructor(private readonly page: Page) {
    this.form = page.locator('#checkout-form');
    this.email = page.getByRole('textbox', { name: 'Email' });
    this.country = page.getByRole('combobox', { name: 'Country or region' });
    this.code = page.getByRole('textbox', { name: 'Discount code' });
    this.payButton = page.getByRole('button', { name: /^(Pay \S|Place order)/ });
    this.summary = page.getByRole('region', { name: 'Summary' });
    this.problems = page.getByRole('region', { name: /^There (is a problem|are problems)/ });
    this.deliveries = page.getByRole('group', { name: 'Delivery', exact: true }).getByRole('radio');
  }

  async expectOpen(): Promise<void> {
    await expect(this.page).toHaveURL(/\/checkout([?#].*)?$/);
    await awake(this.page);
    if (hasJavaScript()) {
      await expect(this.form).toHaveAttribute('data-live', '');
    }
  }

  /** A field by the name that browsers know it by. */
  field(token: string): Locator {
    return this.page.locator(`[autocomplete="${token}"]`);
  }

  /** Types an address as a shopper does, from the country on. */
  async type(typed: Typed): Promise<void> {
    await this.expectOpen();
    if (typed.email !== undefined) {
      await this.email.fill(typed.email);
    }
    if (typed.country !== undefined) {
      await this.chooseCountry(typed.country);
    }
    const texts = { name: typed.name, 'address-line1': typed.line1, 'address-level2': typed.city };
    for (const [token, text] of Object.entries(texts)) {
      if (text !== undefined) {
        await this.field(token).fill(text);
      }
    }
    if (typed.region !== undefined) {
      await this.field('address-level1').selectOption({ label: typed.region });
    }
    if (typed.postalCode !== undefined) {
      await this.field('postal-code').fill(typed.postalCode);
      await this.field('postal-code').blur();
    }
    await this.update();
  }

  async chooseCountry(name: string): Promise<void> {
    await this.country.selectOption({ label: name });
    await this.update();
  }

  async chooseDelivery(name: string): Promise<void> {
    await this.page.getByRole('radio', { name }).check();
    await this.update();
  }

  async applyCode(code: string): Promise<void> {
    await this.code.fill(code);
    await this.page.getByRole('button', { name: 'Apply' }).click();
    await this.settle();
  }

  /** The amount of a row of the summary, as it is written. */
  amount(label: string): Locator {
    return this.summary.locator('dt', { hasText: label }).locator('+ dd');
  }

  /** Sees what it costs, on the button too. */
  async expectTotal(amount: string): Promise<void> {
    await expect(this.summary.locator('#checkout-total')).toHaveText(amount);
    await expect(this.payButton).toHaveText(`Pay ${amount}`);
  }

  /** Goes to pay, and arrives there. */
  async pay(): Promise<void> {
    await this.payButton.click();
    await new PayPage(this.page).expectOpen();
  }

  /** Shows what it costs now: a script does so by itself. */
  private async update(): Promise<void> {
    if (!hasJavaScript()) {
      await this.page.getByRole('button', { name: 'Update country' }).click();
    }
    await this.settle();
  }

  private async settle(): Promise<void> {
    await expect(this.form.locator('.is-stale')).toHaveCount(0);
    await this.expectOpen();
  }
}
