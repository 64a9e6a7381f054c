/** `npm run bench [-- --quick] [-- --count 100000 --repeats 3]`: one JSON line per figure on stdout. */
import { parseArgs } from 'node:util'
import { benchCollect } from './collect.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    count: { type: 'string' },
    repeats: { type: 'string' },
  },
})

await benchCollect({
  count: Number(values.count ?? (values.quick ? 10_000 : 100_000)),
  repeats: Number(values.repeats ?? (values.quick ? 1 : 3)),
})
