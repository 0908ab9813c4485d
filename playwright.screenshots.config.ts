/** `npm run screenshots`: every screen in both languages and themes, from the served app, into docs/screenshots. */
import { defineConfig } from '@playwright/test'
import type { EndToEndOptions } from './electron/e2e/test.js'

export default defineConfig<object, EndToEndOptions>({
  testDir: 'electron/e2e',
  testMatch: 'screenshots.ts',
  outputDir: 'test-results/screenshots',
  globalSetup: './electron/e2e/prepare.ts',
  workers: 1,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  projects: [{ name: 'browser', use: { target: 'browser' } }],
})
