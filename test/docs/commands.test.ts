import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ensureDomain } from '../../src/access/index.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { openShell } from './shell.ts'

const ROOT = join(import.meta.dirname, '../..')
const DOMAIN = 'domain-000000000001'

/** Every document with commands or requests, and the test that runs them. */
const RUN_BY: Readonly<Record<string, string>> = {
  'README.md': 'readme.test.ts',
  'docs/guide/access.md': 'commands.test.ts',
  'docs/guide/backup.md': '../e2e/backup.test.ts',
  'docs/guide/deploy.md': 'deploy.test.ts',
  'docs/guide/events.md': 'events-guide.test.ts',
  'docs/guide/first-aws.md': 'first-aws.test.ts',
  'docs/guide/first-steps.md': 'readme.test.ts',
  'docs/guide/history.md': 'query-guide.test.ts',
  'docs/guide/outage.md': 'outage.test.ts',
  'docs/guide/query.md': 'query-guide.test.ts',
  'docs/guide/schedules.md': 'schedules-guide.test.ts',
  'docs/guide/secrets.md': 'commands.test.ts',
  'docs/guide/write-a-plugin.md': 'write-a-plugin.test.ts',
  'docs/plugins/aws.md': 'aws-moto.test.ts',
  // Its requests are those that the suite has sent.
  'docs/reference/api.md': '../conformance/conformance.test.ts',
}

/** Documents whose commands nothing here can run, and why. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'docs/guide/run-plugins.md': "its images are other people's; test/plugin-kit runs the command on ours",
}

type Block = { readonly language: string; readonly text: string }

function blocksOf(path: string): readonly Block[] {
  const markdown = readFileSync(join(ROOT, path), 'utf8')
  return [...markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({
    language,
    text,
  }))
}

function documents(): readonly string[] {
  const below = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  const paths = below.filter((path) => path.endsWith('.md') && !path.startsWith('adr'))
  return ['README.md', ...paths.map((path) => `docs/${path}`)]
}

async function startOpenServer(): Promise<TestApp> {
  const server = await startTestApp({
    args: ['--roles', 'api'],
    given: async ({ db }) => {
      await ensureDomain(db, { domainId: DOMAIN, name: 'Test', now: new Date() })
    },
  })
  onTestFinished(() => server.stop())
  return server
}

function shellAt(server: TestApp) {
  const shell = openShell(server.url)
  onTestFinished(() => shell.close())
  return shell
}

test('every document with commands or requests is run by a test', () => {
  const asks = /^(?:\$ )?(?:npx )?(?:gleaner|curl|npm) |^POST \//m
  const withCommands = documents().filter((path) =>
    blocksOf(path).some(({ language, text }) => language !== 'json' && asks.test(text)),
  )
  expect(withCommands.toSorted()).toEqual([...Object.keys(RUN_BY), ...Object.keys(NOT_RUN)].toSorted())
  for (const [path, file] of Object.entries(RUN_BY)) {
    const test = join(import.meta.dirname, file)
    expect(existsSync(test), file).toBe(true)
    const name = path.replace(/^docs\/(?:guide\/)?/, '').replace('reference/', '')
    expect(readFileSync(test, 'utf8'), `${relative(ROOT, test)} reads ${name}`).toContain(name)
  }
})

describe('the guide to access', () => {
  const texts = blocksOf('docs/guide/access.md').map(({ text }) => text)
  const [keys = '', audit = ''] = texts.filter((text) => /^gleaner /.test(text))
  const [, insert = ''] = /<<'SQL'\n([\s\S]*?)^SQL$/m.exec(texts.join('\n')) ?? []

  test('closes an open server, makes a domain and keys, and reads the audit', async () => {
    const server = await startOpenServer()
    const shell = shellAt(server)
    // Ids in a document are made up: another key of the system administrator, and the end of the chain as it is.
    const another =
      'OTHER=$(gleaner --json keys create other --system 2>&1 | grep -o "api-key-[0-9a-f]\\{12\\}" | head -1)'
    const withOther = keys
      .replace('api-key-0123456789ab', '"$OTHER"')
      .replace('gleaner keys list', `${another}\n$&`)
    const head = '$(gleaner audit verify | tail -1)'
    const out = await shell.run(`${withOther}\n${audit.replace('4f1c…', head)}`)

    expect(keys).toContain('gleaner keys create root --system')
    expect(audit).toContain('audit verify --head')
    expect(out).toMatch(/^domain-[0-9a-f]{12}$/m)
    expect(out).toMatch(/root +ADMIN +ENABLED/)
    expect(out).toContain('Domain.create')
    expect(out.match(/The chain is whole/g)?.length).toBe(2)
    const anonymous = await fetch(`${server.url}/inventory/v1/collector/list`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ domain_id: DOMAIN }),
    })
    expect(anonymous.status).toBe(401)
  })

  test('gives a key to whom has lost all of them, and leaves the others as they are', async () => {
    const server = await startOpenServer()
    const shell = shellAt(server)
    const first = (await shell.run('gleaner keys create root --system')).trim()
    const key = 'a'.repeat(64)

    await server.database.db.query(insert.replaceAll(":'key'", `'${key}'`))

    const out = await shell.run(`GLEANER_API_KEY=${key} gleaner keys list --system`)
    expect(out).toMatch(/api-key-[0-9a-f]{12} +Recovered +ADMIN +ENABLED/)
    expect(await shell.run(`GLEANER_API_KEY=${first} gleaner domains list`)).toContain(DOMAIN)
  })
})

describe('the guide to secrets', () => {
  const blocks = blocksOf('docs/guide/secrets.md')

  test('stores, lists, rotates and tells of openings, and nowhere shows what is in a secret', async () => {
    const shell = shellAt(await startOpenServer())
    let all = ''
    for (const [at, { language, text }] of blocks.entries()) {
      if (language !== 'sh') continue
      const out = await shell.run(text)
      all += out
      const answer = blocks[at + 1]
      if (answer?.language === 'json')
        expect(shapeOf(JSON.parse(out))).toEqual(shapeOf(JSON.parse(answer.text)))
    }
    expect(all).toMatch(/sa-[0-9a-f]{12}/)
    expect(all).toMatch(/secret-[0-9a-f]{12} +Acme key +acme_token/)
    expect(all).toMatch(/master key version 2: 1 wrapped anew/)
    expect(all).toMatch(/master key version 3: .*1 sealed anew/)
    expect(all).not.toContain('hunter2')
  })
})

/** Names and kinds, without the values. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf)
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]))
}
