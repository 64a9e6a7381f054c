import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { preparePluginFolder } from '../../src/plugins/process/plugin-folder.ts'
import { choosePluginUser } from '../../src/plugins/process/plugin-user.ts'
import { failureOf, givenFolder, givenHost, never, noSecret, recordOf } from './support.ts'

const isRoot = process.getuid?.() === 0
const testAsRoot = isRoot ? test : test.skip
if (!isRoot)
  process.stderr.write('not checked, because the tests do not run as root: plugins change to another user\n')

const user = choosePluginUser('plugin-sample', true)

testAsRoot('any program runs as the plugin user from its first instruction', async () => {
  const image = `cmd:${JSON.stringify(['/bin/sh', '-c', 'echo "uid $(id -u) gid $(id -g) groups $(id -G) in $(pwd)"; exit 3'])}`
  const { host } = givenHost([recordOf('sample', { image })], { dropPrivileges: true })
  const failure = await failureOf(host.connect({ pluginId: 'plugin-sample' }, never))
  expect(failure.message).toContain(`uid ${user?.uid} gid ${user?.gid} groups ${user?.gid} in `)
})

testAsRoot('a program its user may not run is refused with what to do', async () => {
  const folder = givenFolder()
  const { host } = givenHost([recordOf('sample', { image: `cmd:${folder}/program` })], {
    dropPrivileges: true,
  })
  chmodSync(folder, 0o700)
  const failure = await failureOf(host.connect({ pluginId: 'plugin-sample' }, never))
  expect(failure.message).toContain(`the plugin's user (uid ${user?.uid}) may not run '${folder}/program'`)
})

testAsRoot('a built-in has given up root when it serves, for good', async () => {
  const { host } = givenHost([recordOf('sample', { image: 'builtin:sample' })], { dropPrivileges: true })
  // Other test files have run in this process, and a plugin of theirs may still be ending.
  const others = childrenWith('sdk/src/launch.ts')
  const connection = await host.connect({ pluginId: 'plugin-sample' }, never)
  expect(Object.keys(await connection.init({}, never))).toContain('supported_resource_type')
  const [pid] = childrenWith('sdk/src/launch.ts').filter((each) => !others.includes(each))
  const ids = readFileSync(`/proc/${pid}/status`, 'utf8').match(/^(Uid|Gid):.*$/gm)
  expect(ids).toEqual(['Uid', 'Gid'].map((id) => `${id}:${`\t${user?.uid}`.repeat(4)}`))
})

test('a built-in collects', async () => {
  const { host } = givenHost([recordOf('sample', { image: 'builtin:sample' })], { dropPrivileges: true })
  const connection = await host.connect({ pluginId: 'plugin-sample' }, never)
  let received = 0
  for await (const messages of connection.collect({ options: {}, secretData: noSecret, filter: {} }, never)) {
    received += messages.length
  }
  expect(received).toBeGreaterThan(0)
})

test('the folder of a plugin is closed to others and named so that no id can leave it', async () => {
  const dataDir = givenFolder()
  for (const pluginId of ['plugin-a', '..', '../../x', '.hidden', 'a/b', 'ü']) {
    const { path } = await preparePluginFolder({ dataDir, pluginId, user: undefined })
    expect(statSync(path).mode & 0o777).toBe(0o700)
    expect(join(path, '..')).toBe(join(dataDir, 'plugins'))
  }
  expect(readdirSync(join(dataDir, 'plugins'))).toHaveLength(6)
})

testAsRoot('below a private folder a plugin gets a temporary one, which goes with it', async () => {
  const dataDir = join(givenFolder(), 'private')
  mkdirSync(dataDir, { mode: 0o700 })
  const folder = await preparePluginFolder({ dataDir, pluginId: 'plugin-sample', user })
  expect(folder.path.startsWith(tmpdir())).toBe(true)
  expect(statSync(folder.path)).toMatchObject({ uid: user?.uid, gid: user?.gid })
  await folder.remove()
  expect(existsSync(folder.path)).toBe(false)
})

function childrenWith(words: string): number[] {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim().split(' ')
  return children.map(Number).filter((pid) => commandOf(pid).includes(words))
}

/** Empty when the process has ended since it was listed. */
function commandOf(pid: number): string {
  const file = `/proc/${pid}/cmdline`
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}
