/**
 * `npm run bench [-- --quick] [-- --only collect|query] [-- --count 100000 --repeats 3]`: one JSON line per figure on
 * stdout. By default 100,000 resources are collected and 1,000,000 queried.
 */
import { parseArgs } from 'node:util'
import { benchCollect } from './collect.ts'
import { benchQuery } from './query.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    count: { type: 'string' },
    only: { type: 'string' },
    repeats: { type: 'string' },
  },
})

const { quick, only } = values
if (only !== undefined && only !== 'collect' && only !== 'query') {
  throw new Error(`--only takes 'collect' or 'query', got '${only}'`)
}
if (only !== 'query') {
  await benchCollect({
    count: Number(values.count ?? (quick ? 10_000 : 100_000)),
    repeats: Number(values.repeats ?? (quick ? 1 : 3)),
  })
}
if (only !== 'collect') {
  await benchQuery({
    count: Number(values.count ?? (quick ? 20_000 : 1_000_000)),
    repeats: Number(values.repeats ?? (quick ? 5 : 9)),
  })
}
