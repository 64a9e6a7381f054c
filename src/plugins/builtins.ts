import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PluginRecord } from './registry.ts'

const PLUGINS = join(import.meta.dirname, '../../plugins')

/** The plugins that come with the server. */
export function builtinPlugins(): readonly PluginRecord[] {
  return [
    {
      pluginId: 'plugin-host',
      name: 'Host',
      image: 'builtin:host',
      serviceType: 'inventory.Collector',
      provider: 'host',
      capability: {},
      versions: [readVersion('host')],
      labels: ['built-in'],
    },
  ]
}

function readVersion(folder: string): string {
  const manifest: { version?: unknown } = JSON.parse(
    readFileSync(join(PLUGINS, folder, 'package.json'), 'utf8'),
  )
  if (typeof manifest.version !== 'string') throw new Error(`plugins/${folder}/package.json names no version`)
  return manifest.version
}
