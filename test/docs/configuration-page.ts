import { z } from 'zod'
import { LOAD_OPTIONS } from '../../src/config/load-options.ts'
import { NETWORK_OPTIONS } from '../../src/config/network-options.ts'
import type { Options } from '../../src/config/option.ts'
import { SECRETS, toFlag } from '../../src/config/options.ts'
import { OUTSIDE_OPTIONS } from '../../src/config/outside-options.ts'
import { PLUGIN_OPTIONS } from '../../src/config/plugin-options.ts'
import { STORAGE_OPTIONS } from '../../src/config/storage-options.ts'
import { WORK_OPTIONS } from '../../src/config/work-options.ts'

const HEAD = `# Configuration

Every option of the server, written from \`src/config\` by \`npm test -- test/docs/configuration.test.ts -u\`. \`npm start -- --help\` prints the same.

An option is a flag (\`npm start -- --http-port 9000\`), an environment variable (\`GLEANER_HTTP_PORT=9000\`), or a field of a JSON file
(\`{"httpPort": 9000}\`, named with \`--config FILE\` or \`GLEANER_CONFIG\`). A flag wins over a variable, a variable over the file, the file over the default.
The name of the field is the flag in camelCase. Secret options have no flag, because every user of a machine can read its command lines.

Relative paths start from the folder of the clone; of a server that was installed as a package, where it was started. A list has commas between its items. An empty variable counts as not set.
Every option is read once, at the start. The files of \`tlsCert\` and \`tlsKey\` are read again when they change.
Mistakes are reported all at once, with where each was given; nothing is started then.`

const TAIL = `## Beside the options

| variable | read by | meaning |
|---|---|---|
| \`GLEANER_CONFIG\` | server | JSON file with options; the same as \`--config\`. |
| \`OTEL_…\` | server | Where traces are sent ([operations](../guide/operations.md#traces)). |
| \`GLEANER_URL\` | \`gleaner\` | Address of the server. Default \`http://127.0.0.1:8080\`. |
| \`GLEANER_DOMAIN\` | \`gleaner\` | Domain to work in. Default the API key's, without a key \`domain-000000000001\`. |
| \`GLEANER_API_KEY\` | \`gleaner\` | The API key. \`--api-key-file\` reads it from a file instead. |
| \`NO_COLOR\` | server, \`gleaner\` | Any value: print without colours. |
| \`GLEANER_RECORD\` | tests of plugins | Address of a real API to record ([writing a plugin](../guide/write-a-plugin.md#4-record-a-real-api)). |

Which options several processes must share is in [deploying](../guide/deploy.md#several-processes).
`

const PARTS: readonly (readonly [title: string, options: Options])[] = [
  ['How the server is reached', NETWORK_OPTIONS],
  ['How much may be asked at once', LOAD_OPTIONS],
  ['Where data are kept', STORAGE_OPTIONS],
  ['What a process does', WORK_OPTIONS],
  ['Plugins', PLUGIN_OPTIONS],
  ['Logs, webhooks, first start', OUTSIDE_OPTIONS],
]

/** The reference of all options, as a page. */
export function configurationPage(): string {
  const parts = PARTS.map(([title, options]) => `## ${title}\n\n${tableOf(options)}`)
  return [HEAD, ...parts, TAIL].join('\n\n')
}

function tableOf(options: Options): string {
  const rows = Object.entries(options).map(([key, { about, env, schema }]) => {
    const flag = SECRETS.has(key) ? '*none: secret*' : `\`--${toFlag(key)}\``
    return [`\`${env}\``, flag, defaultOf(schema), valuesOf(schema), about]
  })
  return [['variable', 'flag', 'default', 'values', 'meaning'], ['---', '---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n')
}

function defaultOf(schema: z.ZodType): string {
  const value = schema.safeParse(undefined).data
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return ''
  return `\`${Array.isArray(value) ? value.join(',') : String(value)}\``
}

/** What a value may be, as far as the schema tells it in a few words. */
function valuesOf(schema: z.ZodType): string {
  const {
    anyOf,
    enum: words,
    items,
    maximum,
    minimum,
    type,
  } = Shape.parse(z.toJSONSchema(schema, { unrepresentable: 'any' }))
  if (anyOf !== undefined || type === 'boolean') return '`true`, `false`'
  const names = words ?? items?.enum
  if (names !== undefined) return names.map((name) => `\`${name}\``).join(', ')
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`
  return ''
}

const Words = z.array(z.string()).optional()
const Shape = z.object({
  anyOf: z.array(z.unknown()).optional(),
  enum: Words,
  items: z.object({ enum: Words }).optional(),
  maximum: z.number().optional(),
  minimum: z.number().optional(),
  type: z.string().optional(),
})
