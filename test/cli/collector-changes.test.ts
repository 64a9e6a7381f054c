import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureDomain } from '../../src/access/index.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { gleaner as runAt } from './gleaner.ts'

let server: TestApp
beforeAll(async () => {
  server = await startTestApp({ args: ['--roles', 'api', '--allowed-runtimes', 'builtin,grpc'] })
  const domain = { domainId: 'domain-000000000001', name: 'Shop', now: new Date() }
  await ensureDomain(server.database.db, domain)
})
afterAll(() => server.stop())

async function gleaner(...args: readonly string[]): Promise<string> {
  const { code, out, notices } = await runAt(server.url, args)
  expect({ code, notices }).toEqual({ code: 0, notices: '' })
  return out
}

const read = async (name: string) => JSON.parse(await gleaner('collector', name, '--json'))

test('a collector is created, changed, verified, disabled, enabled and deleted', async () => {
  const created = await gleaner(
    ...['collector', 'create', 'Mine', '--plugin', 'plugin-host', '--priority', '0'],
    ...['--options', '{"sources": ["server"]}', '--upgrade', 'manual', '--tags', '{"team": "ops"}'],
  )
  expect(created).toMatch(/^Created collector-[0-9a-f]{12} on plugin-host .*gleaner collect collector-/)
  expect(await read('Mine')).toMatchObject({
    priority: 0,
    tags: { team: 'ops' },
    plugin_info: { options: { sources: ['server'] }, upgrade_mode: 'MANUAL' },
  })

  await gleaner('collector', 'update', 'Mine', '--name', 'Yours', '--options', '{}')
  expect(await read('Yours')).toMatchObject({ priority: 0, plugin_info: { options: {} } })
  expect(await gleaner('collector', 'verify', 'Yours')).toContain('All secrets pass, of Yours')
  expect(await gleaner('collector', 'disable', 'Yours')).toContain('Disabled Yours')
  expect(await read('Yours')).toMatchObject({ state: 'DISABLED' })
  expect(await gleaner('collector', 'enable', 'Yours')).toContain('Enabled Yours')
  expect(await gleaner('rule', 'list', 'Yours')).toContain('Showing 0 of 0 rules')
  expect(await gleaner('collector', 'delete', 'Yours')).toContain('Deleted Yours')
  expect(await gleaner('collectors')).toContain('Showing 0 of 0 collectors')
})

test('a plugin is registered, listed, given a version, disabled and deregistered', async () => {
  const image = 'grpc://plugins.example.org:50051'
  const said = await gleaner(
    ...['plugin', 'register', 'Acme', '--image', image, '--provider', 'acme'],
    ...['--versions', '1.0.0, 1.1.0', '--schemas', 'acme_key'],
  )
  const id = /plugin-[0-9a-f]{12}/.exec(said)?.[0] ?? ''
  expect(await gleaner('plugin', 'add-version', id, '2.0.0')).toContain('2.0.0')
  expect(await gleaner('plugin', 'disable', id)).toBe(`Disabled ${id}.\n`)
  const list = await gleaner('plugin', 'list')
  expect(list).toMatch(new RegExp(`${id}\\s+Acme\\s+DISABLED\\s+acme\\s+${image}`))
  expect(list).toContain('plugin-host')
  const shown = await gleaner('plugin', 'show', id)
  expect(shown).toMatch(/versions +2\.0\.0, 1\.1\.0, 1\.0\.0/)
  expect(shown).toContain('No process runs it')
  expect(await gleaner('plugin', 'logs', id)).toBe('')
  expect(await gleaner('plugin', 'deregister', id)).toBe(`Deregistered ${id}.\n`)
})

test('rules are told in words', async () => {
  await gleaner('collector', 'create', 'Ruled', '--plugin', 'plugin-host')
  const { domain_id, collector_id } = await read('Ruled')
  const rule = {
    conditions: [
      { key: 'name', operator: 'contain', value: 'web' },
      { key: 'account', operator: 'not', value: '1' },
    ],
    conditions_policy: 'ANY',
    actions: { match_project: { source: 'data.team', target: 'name' }, add_additional_info: { a: 1 } },
  }
  const body = JSON.stringify({ domain_id, collector_id, name: 'Shop', ...rule })
  const headers = { 'content-type': 'application/json' }
  await fetch(`${server.url}/inventory/v1/collector-rule/create`, { method: 'POST', headers, body })
  const out = await gleaner('rule', 'list', 'Ruled')
  expect(out).toContain("name contain 'web' or account not '1'")
  expect(out).toContain('project whose name is data.team, add {"a":1}')
})

test('what the command line cannot mean is refused before anything is asked', async () => {
  const { code, notices } = await runAt(server.url, [
    ...['collector', 'create', 'Mine', '--plugin', 'plugin-host', '--options', '[1]'],
  ])
  expect(code).toBe(2)
  expect(notices).toContain('JSON object')
})
