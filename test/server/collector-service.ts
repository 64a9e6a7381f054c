import { Collector } from '../../src/gen/spaceone/api/inventory/v1/collector_pb.ts'
import { implementService } from '../../src/server/index.ts'

const ASKED = [
  'name',
  'plugin_info',
  'plugin_info.plugin_id',
  'plugin_info.version',
  'plugin_info.options',
  'plugin_info.upgrade_mode',
  'priority',
  'is_public',
]

let present: string[] = []

/** Which fields the last `create` was sent, of those that tests use. */
export function presentFields(): readonly string[] {
  return present
}

/** A service of constants whose requests have inner messages and enums. */
export const collectorService = implementService(Collector, {
  create: {
    access: { permission: 'open', domain: 'none' },
    async handle({ request, has }) {
      present = ASKED.filter((path) => has(path))
      return { name: request.name }
    },
  },
  list: {
    access: { permission: 'open', domain: 'none' },
    handle: async () => ({ results: [{}], totalCount: 1 }),
  },
  add_schedule: { access: { permission: 'open', domain: 'none' }, handle: async () => ({}) },
})
