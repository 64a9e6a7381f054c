import type { DescField, DescMessage, DescMethod, JsonObject, JsonValue } from '@bufbuild/protobuf'
import comments from '../../src/gen/comments.json' with { type: 'json' }
import { methodOf } from './contract.ts'

/** A call that was made, for the documentation. */
export type Example = { readonly request: JsonObject; readonly answer: JsonValue }

const INTRODUCTION = `# API reference

Every method over REST: a POST with a JSON object, field names in snake_case; absent and \`null\` are the same. Over gRPC the same messages go to
\`/package.Service/method\`. A refusal is \`{"detail": {"code", "message"}}\` with the HTTP status, and \`code: message\` in the details of the gRPC
status. Each example was run against a server as it stands here; ids and times in it are made up.
Written from the comments in \`proto/\` and from the examples by the suite in \`test/conformance\`.
`

/**
 * The reference as Markdown: services in the order of the table, then each method with its request, answer
 * and example.
 */
export function apiReference(
  served: ReadonlyMap<string, string>,
  examples: ReadonlyMap<string, Example>,
): string {
  const methods = [...served].map(([name, path]) => ({ name, path, desc: methodOf(name) }))
  const services = [...Map.groupBy(methods, ({ desc }) => desc.parent.typeName)].sort(
    ([a], [b]) => rank(a) - rank(b),
  )
  const messages = [
    ...reachableFrom(methods.flatMap(({ desc }) => [desc.output, ...innerMessages(desc.input)])),
  ]
  return [
    INTRODUCTION,
    ...services.map(([service, own]) =>
      [
        `## ${service}\n\n${commentOf(service)}\n`,
        ...own.map(({ name, path, desc }) => methodPart(desc, path, examples.get(name))),
      ].join('\n'),
    ),
    '## Messages\n',
    ...messages.map((desc) => `### ${desc.typeName}\n\n${commentOf(desc.typeName)}\n\n${fieldTable(desc)}\n`),
  ].join('\n')
}

// The public API first, ours after it.
function rank(service: string): number {
  const order = [
    'spaceone.api.inventory',
    'spaceone.api.secret',
    'spaceone.api.repository',
    'spaceone.api.identity',
  ]
  const at = order.findIndex((prefix) => service.startsWith(prefix))
  return at === -1 ? order.length : at
}

function methodPart(desc: DescMethod, path: string, example: Example | undefined): string {
  const name = `${desc.parent.typeName}.${desc.name}`
  const returns = isDocumented(desc.output) ? `[${desc.output.name}](#${anchorOf(desc.output)})` : 'an object'
  const parts = [
    `### ${desc.parent.name}.${desc.name}\n`,
    `\`POST ${path}\` → ${returns}\n`,
    `${commentOf(name)}\n`,
  ]
  if (desc.input.fields.length > 0) parts.push(`${fieldTable(desc.input)}\n`)
  if (example !== undefined) parts.push(exampleBlock(path, example))
  return parts.join('\n')
}

function exampleBlock(path: string, { request, answer }: Example): string {
  return `\`\`\`http\nPOST ${path}\n${text(request)}\n\`\`\`\n\n\`\`\`json\n${text(answer)}\n\`\`\`\n`
}

function fieldTable(desc: DescMessage): string {
  const rows = desc.fields.map((field) => {
    const comment = commentOf(`${desc.typeName}.${field.name}`).replaceAll('\n', ' ').replaceAll('|', '\\|')
    return `| \`${field.name}\` | ${typeOf(field)} | ${comment} |`
  })
  return ['| field | type | |', '|---|---|---|', ...rows].join('\n')
}

const SCALARS: Readonly<Record<number, string>> = {
  1: 'number',
  2: 'number',
  3: 'int64',
  4: 'uint64',
  5: 'int32',
  8: 'bool',
  9: 'string',
  12: 'bytes',
  13: 'uint32',
}

function typeOf(field: DescField): string {
  const inner = nameOf(field)
  return field.fieldKind === 'list' ? `list of ${inner}` : inner
}

function nameOf({ message, enum: choice, scalar }: DescField): string {
  if (choice !== undefined) return choice.values.map(({ name }) => `\`${name}\``).join(', ')
  if (message === undefined) return SCALARS[scalar ?? 0] ?? 'map'
  return isDocumented(message) ? `[${message.name}](#${anchorOf(message)})` : message.name
}

/** The messages that these hold, and those that they hold; sorted by name. */
function reachableFrom(roots: readonly DescMessage[]): ReadonlySet<DescMessage> {
  const found = new Set<DescMessage>()
  const open = [...roots]
  for (let desc = open.pop(); desc !== undefined; desc = open.pop()) {
    if (found.has(desc) || !isDocumented(desc)) continue
    found.add(desc)
    open.push(...innerMessages(desc))
  }
  return new Set([...found].sort((a, b) => a.typeName.localeCompare(b.typeName)))
}

function innerMessages(desc: DescMessage): readonly DescMessage[] {
  return desc.fields.flatMap((field) => field.message ?? [])
}

function isDocumented(desc: DescMessage): boolean {
  return !desc.typeName.startsWith('google.')
}

function anchorOf(desc: DescMessage): string {
  return desc.typeName.toLowerCase().replaceAll(/[^a-z0-9_]/g, '')
}

function commentOf(name: string): string {
  const all: Readonly<Record<string, string>> = comments
  return all[name] ?? ''
}

// What a plugin says of itself is long, and not what the examples are about.
function text(json: JsonValue): string {
  const shorten = (key: string, value: unknown) =>
    key === 'metadata' && JSON.stringify(value).length > 200 ? { '…': '…' } : value
  return JSON.stringify(json, shorten, 2)
}

/** Ids, instants and keys of a run, replaced by ones that are the same in every run; also inside texts. */
export function makeRepeatable<T extends JsonValue>(json: T): T {
  const known = new Map<string, string>()
  const replaceId = (id: string, prefix: string) => {
    if (/-0{6,}\d+$|-f{12}$/.test(id)) return id
    const made = known.get(id) ?? `${prefix}-${(known.size + 1).toString(16).padStart(12, 'a')}`
    known.set(id, made)
    return made
  }
  const repeatable = JSON.stringify(json)
    .replaceAll(/\b((?:[a-z_]+-)*[a-z_]+)-([0-9a-f]{12})\b/g, replaceId)
    .replaceAll(/("signing_key":"|"api_key":")[^"]+/g, '$1shown-this-once')
    .replaceAll(/("hint":")[^"]+/g, '$1once')
    // How many calls came before, and the chain of their hashes.
    .replaceAll(/("(?:seq|record_count)":")\d+/g, '$17')
    .replaceAll(/"[0-9a-f]{64}"/g, `"${'4f1c'.repeat(16)}"`)
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '2026-01-02T03:04:05.678Z')
  return JSON.parse(repeatable) as T
}
