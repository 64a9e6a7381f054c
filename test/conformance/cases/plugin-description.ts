import type { Case } from '../case.ts'
import { casesOf } from '../case.ts'
import type { World } from '../world.ts'

const SERVICE = 'gleaner.v1.PluginDescription'
const { answers, refuses } = casesOf(SERVICE)

const own = async (world: World) => ({ domain_id: world.domain_id, plugin_id: world.pluginId })

export const PLUGIN_DESCRIPTION_CASES: readonly Case[] = [
  answers('get', 'a plugin that no collector uses', own, {
    plugin_id: 'plugin-sample',
    version: '0.1.0',
    provider: 'acme',
    options_schema: { type: 'object' },
  }),
  refuses(
    'get',
    'a version that is not known',
    async (world) => ({ ...(await own(world)), version: '99.0.0' }),
    ['invalid', 'ERROR_INVALID_PLUGIN_VERSION', '99.0.0'],
  ),
  refuses('get', 'no plugin_id', async (world) => ({ ...(await own(world)), plugin_id: '' }), [
    'invalid',
    'ERROR_REQUIRED_PARAMETER',
    "'plugin_id'",
  ]),
  refuses(
    'get',
    'an unknown plugin_id',
    async (world) => ({ ...(await own(world)), plugin_id: 'nothing-f' }),
    ['not_found', 'ERROR_PLUGIN_NOT_FOUND', 'not found'],
  ),
]
