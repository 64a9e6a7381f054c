import { definePlugin } from '@gleaner/sdk'
import { collect, scopes } from './collect.ts'
import { RESOURCE_TYPES } from './kinds.ts'
import { OPTIONS, SECRET } from './options.ts'
import { PERMISSION } from './refusal.ts'
import { REGIONS } from './regions.ts'
import { getTasks } from './tasks.ts'
import { verify } from './verify.ts'

/** What Google Cloud projects hold, as Cloud Asset Inventory knows it. */
export default definePlugin({
  name: 'google-cloud',
  version: '0.1.0',
  provider: 'google_cloud',
  options: OPTIONS,
  secret: SECRET,
  features: ['garbage_collection'],
  schedules: ['hours', 'interval', 'cron'],
  permissions: [PERMISSION, 'serviceusage.services.use'],
  resourceTypes: RESOURCE_TYPES,
  regions: REGIONS,
  verify,
  getTasks,
  scopes,
  collect,
})
