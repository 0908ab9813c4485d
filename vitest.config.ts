/** Unit and integration tests: beside what they test, in plain Node, with real PGlite and real threads. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{shared,electron,renderer}/**/*.test.{ts,tsx,mjs}'],
    exclude: ['node_modules', 'dist', 'release', 'electron/e2e/**'],
    pool: 'forks',
    maxWorkers: 2,
    // A first PGlite start takes seconds on a busy two-core machine; a test that hangs still ends.
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
})
