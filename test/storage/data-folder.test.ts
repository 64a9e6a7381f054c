import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openDataFolder } from '../../src/storage/index.ts'
import { startProgram } from '../support/program.ts'

let parent = ''
let folder = ''
beforeEach(async () => {
  parent = await mkdtemp(path.join(os.tmpdir(), 'gleaner-folder-'))
  folder = path.join(parent, 'a', '.gleaner')
})
afterEach(() => rm(parent, { recursive: true }))

it('makes a folder that only its user can enter', async () => {
  const opened = await openDataFolder(folder, { lock: true })
  opened.release()
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  expect(await readFile(path.join(folder, 'format'), 'utf8')).toBe('1\n')
})

it.skipIf(process.platform !== 'linux')('refuses a place where no folder can be made', async () => {
  await expect(openDataFolder('/proc/gleaner/data', { lock: true })).rejects.toMatchObject({
    code: 'ERROR_DATA_FOLDER',
    message: expect.stringMatching(/^data folder \/proc\/gleaner\/data cannot be used: ENOENT/),
  })
})

it('refuses a folder that another process has, and names it', async () => {
  const holder = await startProgram('storage/hold-folder', [folder])
  const refused = openDataFolder(folder, { lock: true })
  await expect(refused).rejects.toMatchObject({
    code: 'ERROR_DATA_FOLDER_IN_USE',
    message: expect.stringMatching(
      new RegExp(`in use by process ${holder.pid} since .*GLEANER_DATA_DIR`, 's'),
    ),
  })
  await holder.end()
})

it('gets a folder whose process was killed, at once', async () => {
  const holder = await startProgram('storage/hold-folder', [folder])
  await holder.end('SIGKILL')
  const opened = await openDataFolder(folder, { lock: true })
  opened.release()
})

it('gives the folder to exactly one of many that want it at once, also after a holder was killed', async () => {
  const first = await startProgram('storage/hold-folder', [folder])
  await first.end('SIGKILL')
  const programs = await Promise.all(
    [1, 2, 3, 4, 5, 6].map(() => startProgram('storage/hold-folder', [folder])),
  )
  const locked = programs.filter((program) => program.said.locked === program.pid)
  const refused = programs.filter((program) => program.said.code === 'ERROR_DATA_FOLDER_IN_USE')
  await Promise.all(programs.map((program) => program.end()))
  expect([locked.length, refused.length]).toEqual([1, 5])
})

it('does not give the folder twice to one process, and gives it again after its release', async () => {
  const opened = await openDataFolder(folder, { lock: true })
  await expect(openDataFolder(folder, { lock: true })).rejects.toMatchObject({
    code: 'ERROR_DATA_FOLDER_IN_USE',
  })
  opened.release()
  const again = await openDataFolder(folder, { lock: true })
  again.release()
})

it('refuses a folder of a newer release, touches nothing and lets go of it', async () => {
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, 'format'), '2\n')
  await expect(openDataFolder(folder, { lock: true })).rejects.toMatchObject({
    code: 'ERROR_DATA_FOLDER_TOO_NEW',
    message: expect.stringMatching(/has format 2, .* knows 1.*Start that newer release/s),
  })
  await writeFile(path.join(folder, 'format'), '1\n')
  const opened = await openDataFolder(folder, { lock: true })
  opened.release()
})

it("refuses somebody else's folder and leaves its permissions alone", async () => {
  await mkdir(folder, { recursive: true, mode: 0o755 })
  await writeFile(path.join(folder, 'thesis.txt'), 'mine')
  await expect(openDataFolder(folder, { lock: true })).rejects.toMatchObject({
    code: 'ERROR_DATA_FOLDER',
    message: expect.stringContaining('was not made by Gleaner'),
  })
  expect((await stat(folder)).mode & 0o777).toBe(0o755)
})

it('says when the folder cannot be made', async () => {
  await writeFile(path.join(parent, 'file'), '')
  await expect(openDataFolder(path.join(parent, 'file', '.gleaner'), { lock: true })).rejects.toMatchObject({
    code: 'ERROR_DATA_FOLDER',
    message: expect.stringContaining('cannot be used'),
  })
})
