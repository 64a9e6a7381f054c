import { definePlugin } from '@gleaner/sdk'
import { collect, scopes } from './collect.ts'
import { RESOURCE_TYPES } from './kinds.ts'
import { OPTIONS, SECRET } from './options.ts'
import { REGIONS } from './regions.ts'
import { getTasks } from './tasks.ts'
import { verify } from './verify.ts'

/** What Azure subscriptions hold, as Resource Graph knows it. */
export default definePlugin({
  name: 'azure',
  version: '0.1.0',
  provider: 'azure',
  options: OPTIONS,
  secret: SECRET,
  features: ['garbage_collection'],
  schedules: ['hours', 'interval', 'cron'],
  permissions: ['the role Reader on each subscription'],
  resourceTypes: RESOURCE_TYPES,
  regions: REGIONS,
  verify,
  getTasks,
  scopes,
  collect,
})
