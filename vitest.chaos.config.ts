import { defineConfig } from 'vitest/config'

/** `npm run test:chaos`: what takes minutes or hours, killing processes or walking through years. One file at a time. */
export default defineConfig({
  test: {
    include: ['test/chaos/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 300_000,
    teardownTimeout: 60_000,
  },
})
