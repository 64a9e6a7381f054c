/**
 * `npm run bench [-- --quick] [-- --only NAME] [-- --count 100000 --repeats 3]`: one JSON line per figure on stdout. NAME
 * is one of the keys of `BENCHES`.
 */
import { parseArgs } from 'node:util'
import { benchCollect } from './collect.ts'
import { benchIngest } from './ingest.ts'
import { benchQuery } from './query.ts'
import { benchSchedules } from './schedules.ts'
import { benchUnary } from './unary.ts'

type Size = { readonly count: number; readonly repeats: number }
type Bench = { readonly run: (size: Size) => Promise<void>; readonly full: Size; readonly quick: Size }

const BENCHES: Readonly<Record<string, Bench>> = {
  /** Resources collected. */
  collect: {
    run: benchCollect,
    full: { count: 100_000, repeats: 3 },
    quick: { count: 10_000, repeats: 1 },
  },
  /** Resources collected while others use the server. */
  ingest: {
    run: benchIngest,
    full: { count: 1_000_000, repeats: 1 },
    quick: { count: 10_000, repeats: 1 },
  },
  /** Resources queried. */
  query: { run: benchQuery, full: { count: 1_000_000, repeats: 9 }, quick: { count: 20_000, repeats: 5 } },
  /** Schedules stored, of which a tenth is due at once. */
  schedules: {
    run: benchSchedules,
    full: { count: 100_000, repeats: 3 },
    quick: { count: 10_000, repeats: 1 },
  },
  /** Unary calls a turn. */
  unary: { run: benchUnary, full: { count: 5_000, repeats: 5 }, quick: { count: 1_000, repeats: 3 } },
}

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    count: { type: 'string' },
    only: { type: 'string' },
    repeats: { type: 'string' },
  },
})

const { quick, only } = values
if (only !== undefined && BENCHES[only] === undefined) {
  throw new Error(`--only takes one of ${Object.keys(BENCHES).join(', ')}, got '${only}'`)
}
for (const [name, bench] of Object.entries(BENCHES)) {
  if (only !== undefined && only !== name) continue
  const { count, repeats } = quick ? bench.quick : bench.full
  await bench.run({ count: Number(values.count ?? count), repeats: Number(values.repeats ?? repeats) })
}
