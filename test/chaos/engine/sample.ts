import { join } from 'node:path'
import type { PluginRecord } from '../../../src/plugins/index.ts'

const SDK = join(import.meta.dirname, '../../../sdk/src')

/** The SDK's sample plugin as a process of its own. */
export const SAMPLE: PluginRecord = {
  pluginId: 'plugin-sample',
  name: 'Sample',
  image: `cmd:${JSON.stringify([process.execPath, join(SDK, 'launch.ts'), join(SDK, 'sample/plugin.ts')])}`,
  serviceType: 'inventory.Collector',
  provider: 'acme',
  capability: {},
  versions: ['0.1.0'],
  labels: [],
}
