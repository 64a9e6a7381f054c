import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

type Locked = {
  version?: string
  resolved?: string
  integrity?: string
  link?: boolean
  hasInstallScript?: boolean
}
type Entry = Locked & { optionalDependencies?: Record<string, string>; dependencies?: Record<string, string> }

const lock: { packages: Record<string, Entry> } = JSON.parse(
  readFileSync(join(ROOT, 'package-lock.json'), 'utf8'),
)
const manifest: Entry & { devDependencies: Record<string, string> } = JSON.parse(
  readFileSync(join(ROOT, 'package.json'), 'utf8'),
)
const packages = Object.entries(lock.packages).filter(
  ([path, entry]) => path.includes('node_modules/') && !entry.link,
)

test('the lockfile pins every package by content and names no download address', () => {
  expect(packages.length).toBeGreaterThan(100)
  expect(packages.filter(([, entry]) => entry.resolved !== undefined)).toEqual([])
  expect(packages.filter(([, entry]) => !entry.integrity?.startsWith('sha512-'))).toEqual([])
})

test('no package has to run a script to be installed, and none comes from git or an address', () => {
  const settings = readFileSync(join(ROOT, '.npmrc'), 'utf8')
  expect(settings).toMatch(/^ignore-scripts=true$/m)
  const wanted = Object.values(lock.packages).flatMap((entry) =>
    Object.entries({ ...entry.dependencies, ...entry.optionalDependencies }),
  )
  expect(
    wanted.filter(([, range]) => /^(?:git|https?|file|github|ssh)[:+]|^[\w.-]+\/[\w.-]+/.test(range)),
  ).toEqual([])
})

// What changes a prototype by way of a document goes over this accessor.
test('tests run without the accessors of __proto__, and so do the servers that they start', () => {
  expect(() => Reflect.get({}, '__proto__')).toThrow(expect.objectContaining({ code: 'ERR_PROTO_ACCESS' }))
  const { stdout } = spawnSync(
    process.execPath,
    ['--eval', 'console.log(process.execArgv, ({}).__proto__)'],
    {
      encoding: 'utf8',
    },
  )
  expect(stdout).toBe('')
})

test('the lockfile holds what other platforms need, so that npm ci works there', () => {
  const locked = new Set(packages.map(([path]) => path.replace(/^.*node_modules\//, '')))
  const wanted = Object.values(lock.packages).flatMap((entry) =>
    Object.keys(entry.optionalDependencies ?? {}),
  )

  expect(wanted.filter((name) => !locked.has(name))).toEqual([])
})

test('our own manifests name exact versions', () => {
  const all = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies }

  expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([])
})

test('the pinned Node runs this', () => {
  expect(process.version).toMatch(/^v24\./)
})

test.each([
  { failures: 1, calls: 2, status: 0 },
  { failures: 5, calls: 2, status: 1 },
])('packages that cannot be fetched are asked for once more: $failures failures', (expected) => {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-setup-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'scripts'))
  copyFileSync(join(ROOT, 'scripts/setup.mjs'), join(folder, 'scripts/setup.mjs'))
  writeFileSync(join(folder, 'package-lock.json'), '{}')
  // In place of npm: fails as often as it is to, and notes each call.
  const npm = join(folder, 'npm.js')
  writeFileSync(
    npm,
    `const fs = require('node:fs')
     fs.appendFileSync('calls', process.argv[2] + '\\n')
     if (fs.readFileSync('calls', 'utf8').split('\\n').length - 1 <= ${expected.failures}) process.exit(1)
     fs.mkdirSync('node_modules')`,
  )

  const { status, stderr } = spawnSync(process.execPath, ['scripts/setup.mjs', 'start'], {
    cwd: folder,
    env: { ...process.env, npm_execpath: npm },
    encoding: 'utf8',
  })

  expect(stderr).toContain('Trying once more')
  expect(readFileSync(join(folder, 'calls'), 'utf8')).toBe('ci\n'.repeat(expected.calls))
  expect(status).toBe(expected.status)
})

test('the console is built when its sources have changed, and a build that fails stops nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-setup-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const name of ['scripts', 'console', 'node_modules', 'src/core/words'])
    mkdirSync(join(folder, name), { recursive: true })
  for (const name of ['setup.mjs', 'console-stamp.mjs'])
    copyFileSync(join(ROOT, 'scripts', name), join(folder, 'scripts', name))
  const lock = '{}'
  writeFileSync(join(folder, 'package-lock.json'), lock)
  const stamp = { lock: createHash('sha256').update(lock).digest('hex'), scope: 'test' }
  writeFileSync(join(folder, 'node_modules/.gleaner-setup.json'), JSON.stringify(stamp))
  writeFileSync(join(folder, 'console/page.tsx'), 'one')
  // In place of the build: notes each call, and fails when the sources are bad.
  writeFileSync(
    join(folder, 'scripts/build-console.mjs'),
    `import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
     import { consoleDirOf, stampOfConsole } from './console-stamp.mjs'
     appendFileSync('calls', 'build\\n')
     if (readFileSync('console/page.tsx', 'utf8') === 'bad') process.exit(1)
     mkdirSync(consoleDirOf('.'), { recursive: true })
     writeFileSync(consoleDirOf('.') + '/console.json', JSON.stringify({ stamp: stampOfConsole('.') }))`,
  )
  const setUp = () => spawnSync(process.execPath, ['scripts/setup.mjs', 'start'], { cwd: folder }).status
  const builds = () => readFileSync(join(folder, 'calls'), 'utf8').split('\n').length - 1

  expect([setUp(), setUp(), builds()]).toEqual([0, 0, 1])
  writeFileSync(join(folder, 'console/page.tsx'), 'two')
  expect([setUp(), setUp(), builds()]).toEqual([0, 0, 2])
  // It shares words with the command line.
  writeFileSync(join(folder, 'src/core/words/time.ts'), 'one')
  expect([setUp(), setUp(), builds()]).toEqual([0, 0, 3])
  // Other packages may go into it, also where those that are there were not removed.
  const other = '{ "lockfileVersion": 3 }'
  writeFileSync(join(folder, 'package-lock.json'), other)
  writeFileSync(
    join(folder, 'node_modules/.gleaner-setup.json'),
    JSON.stringify({ ...stamp, lock: createHash('sha256').update(other).digest('hex') }),
  )
  expect([setUp(), setUp(), builds()]).toEqual([0, 0, 4])
  writeFileSync(join(folder, 'console/page.tsx'), 'bad')
  expect([setUp(), setUp(), builds()]).toEqual([0, 0, 6])
})
