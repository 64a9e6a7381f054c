import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listLeftovers, makeDataDir, portsOf, startServer } from '../e2e/server-process.ts'

const ROOT = join(import.meta.dirname, '../..')
const GUIDE = readFileSync(join(ROOT, 'docs/guide/deploy.md'), 'utf8')
const run = promisify(execFile)

// All packages come from the registry, or from what npm has kept of it.
const folder = mkdtempSync(join(tmpdir(), 'gleaner-install-'))
const built = join(folder, 'dist')
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeAll(async () => {
  const script = join(ROOT, 'scripts/pack/main.ts')
  await run(process.execPath, ['--disable-warning=ExperimentalWarning', script, built])
})

const npm = { npm_config_prefer_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false' }
const sh = (script: string) =>
  run('sh', ['-c', `set -e\n${script}`], { cwd: folder, env: { ...process.env, ...npm } })

test('the packages are installed as the guide to deploying says, exactly as they were locked, and serve', async () => {
  const [, below = ''] = GUIDE.split('## From a package')
  const [, block = ''] = below.split(/^```(?:sh)?\n/m)
  const lines = block
    .replaceAll('sudo ', '')
    .replaceAll('/opt/gleaner', join(folder, 'opt'))
    .replaceAll('/usr/local/bin', folder)
  await sh(lines)

  const read = (path: string) => JSON.parse(readFileSync(join(folder, 'opt', path), 'utf8')).packages
  const [locked, installed] = [read('npm-shrinkwrap.json'), read('node_modules/.package-lock.json')]
  const other = Object.keys(installed).filter((path) => installed[path].integrity !== locked[path]?.integrity)
  expect(Object.keys(installed).length).toBeGreaterThan(200)
  expect(other).toEqual([])
  await serves(join(folder, 'gleaner-server'))
})

test('npm installs both packages into any folder', async () => {
  const place = join(folder, 'any')
  mkdirSync(place)
  await sh(`cd any && npm install --ignore-scripts ${built}/*.tgz`)
  await serves(join(place, 'node_modules/.bin/gleaner-server'))
})

async function serves(program: string): Promise<void> {
  const { dataDir, remove } = makeDataDir()
  const server = startServer(dataDir, { program: [program] })
  await portsOf(server)
  expect(server.output()).toMatch(/Found \d+ resources of \d+ kinds on this machine/)
  server.child.kill('SIGTERM')
  expect(await server.exited).toBe(0)
  expect(listLeftovers(dataDir)).toEqual([])
  remove()
}
