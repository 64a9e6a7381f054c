import { definePlugin } from '@gleaner/sdk'
import { collect, scopes } from './collect.ts'
import { OPTIONS, SECRET } from './options.ts'
import { OF_ACCOUNT } from './plan/permissions.ts'
import { plan } from './plan/plan.ts'
import { preloadBehindClosedDoors } from './preload.ts'
import { REGIONS } from './regions.ts'
import { RESOURCE_TYPES } from './resource-types.ts'
import { keepHeapSmall } from './small-heap.ts'
import { getTasks } from './tasks.ts'
import { verify } from './verify.ts'
import { discoverTypes } from './wide/open-catalog.ts'

keepHeapSmall()
await preloadBehindClosedDoors()

/** What AWS accounts hold. */
export default definePlugin({
  name: 'aws',
  version: '0.1.0',
  provider: 'aws',
  options: OPTIONS,
  secret: SECRET,
  features: ['garbage_collection'],
  schedules: ['hours', 'interval', 'cron'],
  permissions: OF_ACCOUNT,
  resourceTypes: RESOURCE_TYPES,
  regions: REGIONS,
  verify,
  plan,
  getTasks,
  discoverTypes,
  scopes,
  collect,
})
