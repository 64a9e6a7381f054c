import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.ts'
import { memoryFolder } from './test/support/memory-folder.ts'

const TMPDIR = memoryFolder()

/** No code may reach a prototype by way of a key: neither ours nor that of packages. */
const WITHOUT_PROTO = '--disable-proto=throw'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'sdk/**/*.test.ts', 'plugins/**/*.test.ts', 'console/test/**/*.test.ts'],
    /** The long suites are `npm run test:chaos`. */
    exclude: ['**/node_modules/**', 'test/chaos/**'],
    /** One PostgreSQL for the whole run, with a migrated template database; see test/support/database.ts. */
    globalSetup: ['test/support/global-setup.ts'],
    env: {
      /** As `npm start` does: what tests start is compiled once, not at each start. */
      NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/gleaner'),
      /** For what tests start, too. */
      NODE_OPTIONS: WITHOUT_PROTO,
      ...(TMPDIR && { TMPDIR }),
    },
    execArgv: [WITHOUT_PROTO],
    /** Processes, not threads: tests start servers and children, and change users. */
    pool: 'forks',
    /**
     * Each process runs one file after the other and loads every module once: most files take less than their imports. What a test
     * changes of its process it puts back, as CONTRIBUTING.md says.
     */
    isolate: false,
    /** Node loads sources as `npm start` has it do, and keeps them compiled. Nothing here mocks modules or needs another transform. */
    experimental: { viteModuleRunner: false, nodeLoader: false },
    /** `--sequence.shuffle.files` brings an order of its own. */
    sequence: process.argv.some((argument) => argument.startsWith('--sequence.shuffle'))
      ? {}
      : { sequencer: LongestFirst },
    /** More than a small machine has cores: much of the time is spent waiting for servers and children to start and end. */
    maxWorkers: 4,
    /** Generous, because a busy machine must not make a test fail; nothing here waits for time to pass. */
    testTimeout: 600_000,
    hookTimeout: 600_000,
    teardownTimeout: 60_000,
    /** Whoever polls waits for as long as a test may take, too. */
    expect: { poll: { timeout: 500_000, interval: 20 } },
  },
})
