import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonSchema } from '../../sdk/src/index.ts'
import type { Plugin } from '../../sdk/src/plugin.ts'

const PLUGINS = join(import.meta.dirname, '../../plugins')

/** The page of a plugin that comes with the server: its README, and what it declares. */
export function pluginPage(plugin: Plugin): string {
  const { features, name, options, provider, secret } = plugin
  const parts = [
    `# The plugin \`${name}\``,
    readFileSync(join(PLUGINS, name, 'README.md'), 'utf8').trim(),
    `Plugin id \`plugin-${name}\`, image \`builtin:${name}\`, provider \`${provider}\`, version ${plugin.version}; features: ${features.join(', ')}.`,
    '## Options',
    properties(options) ?? 'None.',
    '## Secret',
    properties(secret) ?? 'None is needed.',
    '## What it reports',
    resourceTypes(plugin),
    permissions(plugin),
    exampleOf(name),
    `<!-- Written from plugins/${name} by test/docs/plugin-pages.test.ts. -->`,
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** What an example has printed, where the plugin has one; its steps stand one level below. */
function exampleOf(name: string): string {
  const path = join(PLUGINS, name, 'example.md')
  if (!existsSync(path)) return ''
  return `## An example\n\n${readFileSync(path, 'utf8').trim().replaceAll(/^## /gm, '### ')}`
}

function properties(schema: JsonSchema): string | undefined {
  const rows = Object.entries(schema.properties ?? {}).map(([name, property]) => [
    `\`${name}\``,
    typeOf(property),
    schema.required?.includes(name) ? 'required' : defaultOf(property),
    property.description ?? '',
  ])
  return rows.length === 0 ? undefined : table(['name', 'type', 'default', 'meaning'], rows)
}

function typeOf({ enum: values, items, maximum, minimum, type }: JsonSchema): string {
  if (values) return values.map((value) => `\`${value}\``).join(', ')
  if (items) return `list of ${typeOf(items)}`
  const bounds = [minimum, maximum].map((bound) => bound ?? '')
  return bounds.every((bound) => bound === '') ? type : `${type}, ${bounds.join('…')}`
}

function defaultOf({ default: value }: JsonSchema): string {
  if (value === undefined) return ''
  const text = JSON.stringify(value)
  return text.length > 40 ? 'all' : `\`${text}\``
}

function resourceTypes({ resourceTypes: types }: Plugin): string {
  const rows = [...types.values()].map(({ group, idsAreRegional = false, schema, type }) => [
    group,
    type,
    Object.keys(schema?.properties ?? {})
      .map((key) => `\`${key}\``)
      .join(', ') || 'not promised',
    idsAreRegional ? 'yes' : 'no',
  ])
  return table(['group', 'type', 'data', 'ids are bound to regions'], rows)
}

function permissions({ permissions: always, resourceTypes: types }: Plugin): string {
  const each = [...types.values()].flatMap((type) => type.permissions ?? [])
  const all = [...new Set([...always, ...each])]
  return all.length === 0 ? '' : `Required permissions: ${all.map((each) => `\`${each}\``).join(', ')}.`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}
