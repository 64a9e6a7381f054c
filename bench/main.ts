/**
 * `npm run bench [-- --quick] [-- --only NAME] [-- --count 100000 --repeats 3] [-- --profile FOLDER]`: one JSON line per figure on
 * stdout. NAME is one of the keys of `BENCHES`; FOLDER gets processor profiles, which the developer tools of browsers open.
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { benchAudit } from './audit.ts'
import { benchBackup } from './backup.ts'
import type { BenchSize } from './bench-size.ts'
import { benchBloat } from './bloat.ts'
import { benchCollect } from './collect.ts'
import { benchCoverage } from './coverage.ts'
import { benchIngest } from './ingest.ts'
import { benchMoments } from './moments.ts'
import { benchOverload } from './overload.ts'
import { benchQuery } from './query.ts'
import { benchSchedules } from './schedules.ts'
import { benchSdk, benchThrottling } from './sdk.ts'
import { benchStart } from './start.ts'
import { benchUnary } from './unary.ts'

type Bench = {
  readonly run: (size: BenchSize) => Promise<void>
  readonly full: BenchSize
  readonly quick: BenchSize
}

const BENCHES: Readonly<Record<string, Bench>> = {
  /** Resources collected. */
  collect: {
    run: benchCollect,
    full: { count: 100_000, repeats: 3 },
    quick: { count: 10_000, repeats: 1 },
  },
  /** Resources collected again, with and without what coverage does. */
  coverage: {
    run: benchCoverage,
    full: { count: 100_000, repeats: 15 },
    quick: { count: 10_000, repeats: 3 },
  },
  /** Resources collected while others use the server. */
  ingest: {
    run: benchIngest,
    full: { count: 1_000_000, repeats: 1 },
    quick: { count: 10_000, repeats: 1 },
  },
  /** Resources collected again and again. */
  bloat: {
    run: benchBloat,
    full: { count: 100_000, repeats: 100 },
    quick: { count: 2_000, repeats: 10 },
  },
  /** Starts. */
  start: { run: benchStart, full: { count: 1, repeats: 5 }, quick: { count: 1, repeats: 1 } },
  /** Resources queried. */
  query: { run: benchQuery, full: { count: 1_000_000, repeats: 9 }, quick: { count: 20_000, repeats: 5 } },
  /** Resources of which one in a hundred changes each day of a year. */
  moments: {
    run: benchMoments,
    full: { count: 1_000_000, repeats: 5 },
    quick: { count: 20_000, repeats: 3 },
  },
  /** Schedules stored, of which a tenth is due at once. */
  schedules: {
    run: benchSchedules,
    full: { count: 100_000, repeats: 3 },
    quick: { count: 10_000, repeats: 1 },
  },
  /** Resources streamed by a plugin of the SDK. */
  sdk: { run: benchSdk, full: { count: 50_000, repeats: 9 }, quick: { count: 5_000, repeats: 3 } },
  /** Calls of a plugin to an API that throttles. */
  throttling: {
    run: benchThrottling,
    full: { count: 1_000, repeats: 1 },
    quick: { count: 400, repeats: 1 },
  },
  /** Resources backed up and restored. */
  backup: { run: benchBackup, full: { count: 1_000_000, repeats: 1 }, quick: { count: 20_000, repeats: 1 } },
  /** Changes a turn. */
  audit: { run: benchAudit, full: { count: 2_000, repeats: 3 }, quick: { count: 500, repeats: 1 } },
  /** Milliseconds in which domains flood. */
  overload: { run: benchOverload, full: { count: 10_000, repeats: 3 }, quick: { count: 2_000, repeats: 1 } },
  /** Unary calls a turn. */
  unary: { run: benchUnary, full: { count: 5_000, repeats: 5 }, quick: { count: 1_000, repeats: 3 } },
}

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    count: { type: 'string' },
    only: { type: 'string' },
    profile: { type: 'string' },
    repeats: { type: 'string' },
  },
})

const { quick, only } = values
const profiles = values.profile === undefined ? undefined : resolve(values.profile)
if (only !== undefined && BENCHES[only] === undefined) {
  throw new Error(`--only takes one of ${Object.keys(BENCHES).join(', ')}, got '${only}'`)
}
for (const [name, bench] of Object.entries(BENCHES)) {
  if (only !== undefined && only !== name) continue
  const { count, repeats } = quick ? bench.quick : bench.full
  await bench.run({
    count: Number(values.count ?? count),
    repeats: Number(values.repeats ?? repeats),
    profiles,
  })
}
