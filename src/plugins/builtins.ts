import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PluginRecord } from './registry.ts'

const PLUGINS = join(import.meta.dirname, '../../plugins')

/**
 * Folder and name of each. Image and provider are called like the folder, unless a third word says the
 * provider; `test/docs/plugin-pages.test.ts` sees to it.
 */
const PROGRAMS: readonly (readonly [folder: string, name: string, provider?: string])[] = [
  ['aws', 'AWS'],
  ['azure', 'Azure'],
  ['docker', 'Docker'],
  ['google-cloud', 'Google Cloud', 'google_cloud'],
  ['host', 'Host'],
  ['http-json', 'HTTP JSON'],
  ['kubernetes', 'Kubernetes'],
  ['postgresql', 'PostgreSQL'],
  ['terraform', 'Terraform'],
]

/** The plugins that come with the server. */
export function builtinPlugins(): readonly PluginRecord[] {
  return PROGRAMS.map(([folder, name, provider = folder]) => ({
    pluginId: `plugin-${folder}`,
    name,
    image: `builtin:${folder}`,
    serviceType: 'inventory.Collector',
    provider,
    capability: {},
    versions: [readVersion(folder)],
    labels: ['built-in'],
  }))
}

function readVersion(folder: string): string {
  const manifest: { version?: unknown } = JSON.parse(
    readFileSync(join(PLUGINS, folder, 'package.json'), 'utf8'),
  )
  if (typeof manifest.version !== 'string') throw new Error(`plugins/${folder}/package.json names no version`)
  return manifest.version
}
