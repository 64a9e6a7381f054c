import { join } from 'node:path'

const SDK = join(import.meta.dirname, '../..')

export const LAUNCHER = join(SDK, 'src/launch.ts')
export const SAMPLE_PLUGIN = join(SDK, 'src/sample/plugin.ts')
export const MOODY_PLUGIN = join(SDK, 'test/fixtures/moody.ts')
