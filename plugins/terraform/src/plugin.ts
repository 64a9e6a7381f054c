import { definePlugin, HTTP_SECRET } from '@gleaner/sdk'
import { readSource } from './read-source.ts'
import { RESOURCE_TYPES } from './resource-types.ts'
import { outputFields, resourceFields } from './to-fields.ts'

/** What one Terraform or OpenTofu state holds. */
export default definePlugin({
  name: 'terraform',
  version: '0.1.0',
  provider: 'terraform',
  options: {
    type: 'object',
    properties: {
      path: {
        type: 'string',
        description: 'A state file on the machine of the worker. Either this or `url`.',
      },
      url: { type: 'string', description: 'Where the state is answered to GET, as by an `http` backend.' },
    },
  },
  secret: HTTP_SECRET,
  features: ['garbage_collection'],
  schedules: ['hours', 'interval', 'cron'],
  resourceTypes: RESOURCE_TYPES,

  async verify(ctx) {
    await readSource(ctx)
  },

  async *scopes(ctx) {
    const { lineage } = await readSource(ctx)
    yield { type: 'resource', account: lineage }
    yield { type: 'output', account: lineage }
  },

  async *collect(ctx) {
    const state = await readSource(ctx)
    // A state is read whole or not at all, so that both lists are complete.
    yield resourceFields(state).map((fields) => ctx.cloudService('resource', fields))
    yield ctx.complete({ type: 'resource', account: state.lineage })
    yield outputFields(state).map((fields) => ctx.cloudService('output', fields))
    yield ctx.complete({ type: 'output', account: state.lineage })
  },
})
