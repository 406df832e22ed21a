import { defineConfig } from '@playwright/test';

import { launchOptions } from './fixtures/browser.ts';
import { isRealStripe, needsSandbox } from './fixtures/stripe.ts';

export default defineConfig({
  testDir: 'tests',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: !!process.env.CI,
  reporter: [['list']],
  timeout: isRealStripe ? 180_000 : 60_000,
  expect: { timeout: isRealStripe ? 30_000 : 10_000 },
  ...(isRealStripe ? { grepInvert: needsSandbox.pattern } : {}),
  use: {
    actionTimeout: isRealStripe ? 30_000 : 10_000,
    navigationTimeout: isRealStripe ? 30_000 : 15_000,
    colorScheme: 'light',
    // Transitions between pages take time that tests would wait for; motion.spec.ts looks at both.
    contextOptions: { reducedMotion: 'reduce' },
    trace: { mode: 'retain-on-failure', screenshots: false },
    launchOptions,
  },
  projects: [
    {
      name: 'desktop',
      testIgnore: [/no-javascript/, /phone/],
      use: { viewport: { width: 1280, height: 800 } },
    },
    {
      name: 'phone',
      testMatch: [/phone/, /layout/],
      use: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
    },
    {
      name: 'no-javascript',
      testMatch: /no-javascript/,
      use: { viewport: { width: 1280, height: 800 }, javaScriptEnabled: false },
    },
  ],
});
