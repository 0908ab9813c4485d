/** `npm run screenshots`: every screen in both languages and themes, from the served app, into docs/screenshots. */
import { defineConfig } from '@playwright/test'
import type { EndToEndOptions } from './test.js'

export default defineConfig<object, EndToEndOptions>({
  testDir: '.',
  testMatch: 'screenshots.ts',
  outputDir: '../../test-results/screenshots',
  globalSetup: './prepare.ts',
  workers: 1,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  projects: [{ name: 'browser', use: { target: 'browser' } }],
})
