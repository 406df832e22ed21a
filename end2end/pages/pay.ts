import { expect, type Frame, type Locator, type Page } from '@playwright/test';

import type { Card } from '../fixtures/cards.ts';
import { isRealStripe } from '../fixtures/stripe.ts';

/** The hosted pay page: the sandbox's, or Stripe's own with the same names of fields. */
export class PayPage {
  readonly email: Locator;
  readonly payButton: Locator;

  constructor(private readonly page: Page) {
    this.email = this.field('email');
    this.payButton = isRealStripe
      ? page.locator('[data-testid="hosted-payment-submit-button"]')
      : page.getByRole('button', { name: 'Pay', exact: true });
  }

  async expectOpen(): Promise<void> {
    await expect(this.page).toHaveURL(/\/c\/pay\//);
    await expect(this.payButton).toBeVisible();
  }

  /** Types everything that a card payment asks for, and presses Pay. What follows depends on the card. */
  async payWith(card: Card, email = 'ada@example.com'): Promise<void> {
    await this.fill(card, email);
    await this.payButton.click();
  }

  /** Enters a promotion code, in the order that is folded away on a phone. Sandbox only, as all that follows. */
  async applyCode(code: string): Promise<void> {
    const details = this.page.getByText('Order details');
    if (await details.isVisible()) {
      await details.click();
    }
    await this.field('promotionCode').fill(code);
    await this.page.getByRole('button', { name: 'Apply' }).click();
    await expect(this.page.getByRole('button', { name: `Remove promotion code ${code}` })).toBeVisible();
  }

  async shipToBerlin(): Promise<void> {
    await this.page.locator('select[name="shippingCountry"]').selectOption('Germany');
    await this.field('shippingName').fill('Ada Lovelace');
    await this.field('shippingAddressLine1').fill('Unter den Linden 1');
    await this.field('shippingLocality').fill('Berlin');
    await this.field('shippingPostalCode').fill('10117');
  }

  async chooseShipping(name: string): Promise<void> {
    await this.page.getByRole('radio', { name }).check();
  }

  /** How many of something are to be in the order. */
  quantity(product: string): Locator {
    return this.page.getByRole('spinbutton', { name: `Qty of ${product}` });
  }

  /** Takes one of the items that can be added, and leaves it out again. */
  addButton(product: string): Locator {
    return this.page.getByRole('button', { name: `Add ${product}` });
  }

  removeButton(product: string): Locator {
    return this.page.getByRole('button', { name: `Remove ${product}` });
  }

  /** Answers what the hamper's merchant asks. */
  async answer(engraving: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Engraving' }).fill(engraving);
    await this.page.getByRole('combobox', { name: 'Color' }).selectOption('Moss green');
    await this.page.getByRole('checkbox', { name: /terms of service/ }).check();
  }

  /** Has a bank account debited. */
  async payByDebit(iban: string, email = 'ada@example.com'): Promise<void> {
    await this.email.fill(email);
    await this.page.getByRole('radio', { name: 'SEPA Direct Debit' }).check();
    await this.field('iban').fill(iban);
    await this.field('accountHolderName').fill('Ada Lovelace');
    await this.payButton.click();
  }

  /** What pressing Pay will cost. */
  async expectTotal(amount: string): Promise<void> {
    await expect(this.page.getByRole('status')).toContainText(`You pay ${amount}.`);
  }

  /** The bank agrees. */
  async complete3DS(): Promise<void> {
    await this.answerBank('Complete');
  }

  /** The bank refuses. */
  async fail3DS(): Promise<void> {
    await this.answerBank('Fail');
    await this.expectOpen();
  }

  /** Sees that it was told why the card did not work, on the page where another can be tried. */
  async expectRefused(reason: RegExp): Promise<void> {
    await this.expectOpen();
    await expect(this.page.getByText(reason).first()).toBeVisible();
  }

  /** Goes back to the shop without paying. */
  async cancel(): Promise<void> {
    const back = isRealStripe
      ? this.page.locator('[data-testid="business-link"]')
      : this.page.getByRole('link', { name: /^Back to/ });
    await back.click();
  }

  /** Pays, and closes the window before it leads back: the shop hears of it from Stripe alone. Sandbox only. */
  async payAndNeverReturn(card: Card, email = 'ada@example.com'): Promise<void> {
    const answer = await this.page.request.post(this.page.url(), {
      form: { email, cardNumber: card, cardExpiry: '12 / 34', cardCvc: '123', billingName: 'Ada Lovelace' },
      maxRedirects: 0,
    });
    expect(answer.status(), 'the payment was taken').toBe(303);
    await this.page.goto('about:blank');
  }

  /** Has a bank account debited, and closes the window: the money takes its time. Sandbox only. */
  async debitAndNeverReturn(email = 'ada@example.com'): Promise<void> {
    const answer = await this.page.request.post(this.page.url(), {
      form: {
        email,
        paymentMethod: 'us_bank_account',
        accountHolderName: 'Ada Lovelace',
        routingNumber: '110000000',
        accountNumber: '000123456789',
      },
      maxRedirects: 0,
    });
    expect(answer.status(), 'the account was taken').toBe(303);
    await this.page.goto('about:blank');
  }

  private async fill(card: Card, email: string): Promise<void> {
    await this.expectOpen();
    if (isRealStripe) {
      await this.showCardForm();
    }
    // An address that the shop knows is there already, and stays.
    if (await this.email.isEditable()) {
      await this.email.fill(email);
    }
    await this.field('cardNumber').fill(card);
    await this.field('cardExpiry').fill('12 / 34');
    await this.field('cardCvc').fill('123');
    await this.field('billingName').fill('Ada Lovelace');
  }

  private field(name: string): Locator {
    return this.page.locator(`input[name="${name}"]`);
  }

  /** Stripe may offer other ways to pay first, ask for a postal code, and offer to remember the card. */
  private async showCardForm(): Promise<void> {
    const card = this.page.locator('[data-testid="card-accordion-item-button"]');
    await expect(this.field('cardNumber').or(card).first()).toBeVisible();
    if (await card.isVisible()) {
      await card.click({ force: true });
    }
    const postalCode = this.field('billingPostalCode');
    if (await postalCode.isVisible()) {
      await postalCode.fill('94110');
    }
    const remember = this.field('enableStripePass');
    if (await remember.isChecked().catch(() => false)) {
      await remember.uncheck({ force: true });
    }
  }

  private async answerBank(answer: 'Complete' | 'Fail'): Promise<void> {
    if (!isRealStripe) {
      await this.page.getByRole('button', { name: answer }).click();
      return;
    }
    // Stripe shows the bank in a frame within frames.
    let bank: Frame | undefined;
    await expect(async () => {
      for (const frame of this.page.frames()) {
        if (await frame.getByRole('button', { name: answer }).isVisible()) {
          bank = frame;
        }
      }
      expect(bank).toBeDefined();
    }).toPass();
    await bank?.getByRole('button', { name: answer }).click();
  }
}
