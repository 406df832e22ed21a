import { expect, type Page, test } from '@playwright/test';

/** Whether the browser of the running test runs scripts. */
export function hasJavaScript(): boolean {
  return test.info().project.use.javaScriptEnabled !== false;
}

/** Waits until the page answers to clicks: its islands are awake, where the browser runs them at all. */
export async function awake(page: Page): Promise<void> {
  if (hasJavaScript()) {
    await expect(page.locator('html')).toHaveAttribute('data-islands', 'awake');
  }
}
