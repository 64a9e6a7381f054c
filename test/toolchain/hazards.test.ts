import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

const FILES = globSync('{src,sdk/src,plugins/*/src}/**/*.ts', { cwd: ROOT })
  .filter((path) => !path.startsWith('src/gen/') && !path.includes('node_modules'))
  .map((path) => ({ path, text: withoutComments(readFileSync(join(ROOT, path), 'utf8')) }))

/** Modules whose functions wait for others: a server, a program. */
const WAITING: ReadonlyMap<string, readonly string[]> = new Map([
  ['node:http', ['request', 'get']],
  ['node:https', ['request', 'get']],
  ['node:net', ['connect', 'createConnection']],
  ['node:tls', ['connect']],
  ['node:http2', ['connect']],
  ['node:child_process', ['exec', 'execFile', 'execSync', 'execFileSync', 'spawnSync']],
])

/** Calls that do not say themselves when they end, and what ends them. */
const ENDED_ELSEWHERE: Readonly<Record<string, string>> = {
  'src/plugins/grpc/channel.ts: connect': 'its own timer ends a connection on which no settings come in time',
  'src/plugins/grpc/message-tap.ts: connect': 'the channel that asks for it',
  'src/plugins/process/wait-for-port.ts: connect': 'to this machine, which answers or refuses at once',
  'src/plugins/docker/registry/http-get.ts: httpRequest': 'the signal among its options',
  'src/plugins/docker/registry/http-get.ts: httpsRequest': 'the signal among its options',
  'src/storage/connection.ts: pg.Client': 'it only reads an address and does not connect',
  'src/storage/connections.ts: pg.Pool': 'the time limits of its configuration, which is put together below',
  'sdk/src/testing/call-plugin.ts: connect': "the time limit of the author's test",
}

test('every call that waits for others says when it ends', () => {
  const endless = FILES.flatMap(({ path, text }) =>
    waitingCalls(text)
      .filter(({ args }) => !/timeout|signal|deadline/i.test(args))
      .map(({ name }) => `${path}: ${name}`),
  )
  expect([...new Set(endless)].toSorted()).toEqual(Object.keys(ENDED_ELSEWHERE).toSorted())
})

/** Patterns that are put together at run time, and of what. */
const OF_OUR_MAKING: Readonly<Record<string, string>> = {
  'plugins/aws/src/wide/arn.ts':
    'of templates of ARNs in the data of AWS, escaped; each part of one ends at a separator',
  'plugins/aws/src/wide/volatile.ts': 'of names in this file',
  'plugins/google-cloud/src/clean.ts': 'of constants',
  'plugins/google-cloud/src/links.ts': 'of constants',
  'plugins/terraform/src/without-texts.ts': 'of texts, escaped',
  'src/access/key-text.ts': 'of constants',
  'src/core/create-redactor.ts': 'of texts, escaped',
  'src/core/ids.ts': 'of constants',
}

test('no pattern of a caller or a plugin is matched by JavaScript: PostgreSQL does that, under a time limit', () => {
  const building = FILES.filter(({ text }) => /\bRegExp\(/.test(text)).map(({ path }) => path)
  expect(building.toSorted()).toEqual(Object.keys(OF_OUR_MAKING))
})

test('no pattern of ours repeats a group that repeats without anything between', () => {
  const nested = FILES.flatMap(({ path, text }) =>
    [...text.matchAll(/(?<=[=(,:!&|?]\s*)\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/g)]
      .map(([pattern]) => pattern)
      .filter((pattern) => /\((?:\?:)?(?:\\.|\[[^\]]*\]|[^()\\[\]])[+*]\)[+*{]/.test(pattern))
      .map((pattern) => `${path}: ${pattern}`),
  )
  expect(nested).toEqual([])
})

type Call = { readonly name: string; readonly args: string }

/** Calls of the functions above under whatever name they are imported, of the global fetch, and of PostgreSQL's client. */
function waitingCalls(text: string): readonly Call[] {
  const imports =
    /(?:import|const) (?!type)[^;]*?\{([^}]*)\} (?:from |= process\.getBuiltinModule\()'(node:[a-z0-9_]+)'/g
  const imported = [...text.matchAll(imports)].flatMap(([, names = '', module = '']) =>
    names
      .split(',')
      .map((name) => name.trim().split(/ as |: /))
      .filter(([name = '']) => WAITING.get(module)?.includes(name))
      .map(([name = '', alias = name]) => alias),
  )
  const promisified = [...text.matchAll(/const (\w+) = promisify\(execFile\)/g)].map(([, name = '']) => name)
  // Where a plugin is handed its `fetch`, that one has the signal of the call.
  const isHanded = /\{[^}]*\bfetch\b[^}]*\}|\bfetch:/.test(text)
  const names = [...imported, ...promisified, 'pg.Client', 'pg.Pool', ...(isHanded ? [] : ['fetch'])]
  return names.flatMap((name) => callsOf(text, name))
}

function callsOf(text: string, name: string): readonly Call[] {
  const before = name.startsWith('pg.') ? 'new ' : '(?<![.\\w]|function )'
  const starts = text.matchAll(new RegExp(`${before}${RegExp.escape(name)}\\(`, 'g'))
  return [...starts].map(({ 0: found, index }) => ({ name, args: argumentsAt(text, index + found.length) }))
}

function argumentsAt(text: string, from: number): string {
  let depth = 1
  let at = from
  for (; depth > 0 && at < text.length; at++) {
    if (text[at] === '(') depth++
    else if (text[at] === ')') depth--
  }
  return text.slice(from, at)
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '')
}
