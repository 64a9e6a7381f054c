import { definePlugin } from '../src/index.ts'
import { resourcesOf } from '../src/sample/estate.ts'

const HELD = 1000
const PAGE = 100

const SPEC = {
  seed: 1,
  count: HELD,
  regions: ['north-1'],
  account: '40017',
  churn: 0,
  generation: 0,
  padBytes: 1500,
}

/** Held as JSON leaves them, which is how they come from a provider's API. */
const held = [...resourcesOf(SPEC, 'north-1')].map(({ kind, fields }) => ({
  kind,
  fields: { ...fields, ...JSON.parse(JSON.stringify(fields)) },
}))

/**
 * Yields the same thousand documents over and over: what it costs is the SDK, and not the making of
 * documents.
 */
export default definePlugin({
  name: 'held-estate',
  version: '0.1.0',
  provider: 'held',
  options: { type: 'object', properties: { count: { type: 'integer', default: HELD } } },
  resourceTypes: {
    server: { group: 'Compute', type: 'Server' },
    bucket: { group: 'ObjectStore', type: 'Bucket' },
    subnet: { group: 'Network', type: 'Subnet' },
  },
  async *collect(ctx) {
    for (let at = 0; at < ctx.options.count; at += PAGE) {
      const from = at % HELD
      yield held.slice(from, from + PAGE).map(({ kind, fields }) => ctx.cloudService(kind, fields))
    }
  },
})
