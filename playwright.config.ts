/** End-to-end tests: one suite, the same screens, against the desktop app, the served app in Chromium, and the packaged app where there is one. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from '@playwright/test'
import type { EndToEndOptions } from './electron/e2e/test.js'

const packaged = process.env['E2E_PACKAGED'] === '1' || existsSync(fileURLToPath(new URL('release/linux-unpacked/carechat', import.meta.url)))

export default defineConfig<object, EndToEndOptions>({
  testDir: 'electron/e2e',
  // Not test-results itself: Playwright empties this folder, and the other reports lie beside it.
  outputDir: 'test-results/end-to-end',
  globalSetup: './electron/e2e/prepare.ts',
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  // Several starts of the app are in the longest test, on a machine that may be busy with others.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  use: { trace: 'off' },
  projects: [
    { name: 'desktop', use: { target: 'desktop' }, testIgnore: '**/*.served.spec.ts' },
    { name: 'browser', use: { target: 'browser' }, testIgnore: '**/*.desktop.spec.ts' },
    ...(packaged ? [{ name: 'packaged', use: { target: 'packaged' as const }, testMatch: ['**/newcomer.spec.ts', '**/survival.spec.ts', '**/security.desktop.spec.ts'] }] : []),
  ],
})
