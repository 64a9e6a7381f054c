import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { describeMisspelt, describeOptions, OPTIONS, readConfig } from '../src/config/index.ts'
import { toPluginSettings } from '../src/plugin-settings.ts'

const read = (args: string[], env: Record<string, string> = {}) => readConfig({ args, env, root: '/srv' })

describe('a configuration that cannot be used', () => {
  test.each([
    [['--http-prt', '1'], {}, "unknown option '--http-prt' (did you mean --http-port?)"],
    [['--frob', '1'], {}, "unknown option '--frob'\n"],
    [['--http-port', 'abc'], {}, '--http-port: it takes a number'],
    [[], { GLEANER_GRPC_PORT: '70000' }, 'GLEANER_GRPC_PORT: '],
    [['extra'], {}, "Unexpected argument 'extra'"],
    [['--config', '/nowhere.json'], {}, "config file '/nowhere.json' cannot be read: ENOENT"],
  ])('%j %j says what is wrong with it', (args, env, complaint) => {
    expect(() => read(args, env)).toThrow(complaint)
  })
})

test('every file of the configuration may be named from the root', () => {
  const files = ['plugin-ca-file', 'plugin-cert-file', 'plugin-key-file', 'docker-config', 'master-key-file']
  const config = read(files.flatMap((name) => [`--${name}`, 'etc/it']))
  expect(config).toMatchObject({
    dataDir: '/srv/.gleaner',
    pluginCaFile: '/srv/etc/it',
    pluginCertFile: '/srv/etc/it',
    pluginKeyFile: '/srv/etc/it',
    dockerConfig: '/srv/etc/it',
    masterKeyFile: '/srv/etc/it',
  })
})

test('a variable that is nearly an option is complained of, others are not', () => {
  const env = {
    GLEANER_PLUGIN_REECH: 'public',
    GLEANER_HTTP_PORT: '1',
    GLEANER_URL: 'http://x',
    GLEANER_PORT: 'tcp://10.0.0.1:8080',
    GLEANER_SERVICE_HOST: '10.0.0.1',
  }
  expect(describeMisspelt(env)).toEqual([
    'GLEANER_PLUGIN_REECH is no option of the server, and is ignored (did you mean GLEANER_PLUGIN_REACH?)',
  ])
})

describe('the help', () => {
  const help = describeOptions()

  test('fits a terminal of 80 columns', () => {
    expect(help.split('\n').filter((line) => line.length > 80)).toEqual([])
  })

  test('names every variable, and the default where there is one', () => {
    for (const { env } of Object.values(OPTIONS)) expect(help).toContain(env)
    expect(help).toMatch(/--http-port, GLEANER_HTTP_PORT\n.* Default 8080\./)
    expect(help).toMatch(/--roles, GLEANER_ROLES\n(?: {6}.*\n)* {6}.*Default\s+api,worker,scheduler\./)
    expect(help).not.toContain('--first-api-key')
  })
})

test('how plugins run is configured: their memory, and whether they change users', () => {
  expect(toPluginSettings(read([]))).toMatchObject({ dropPrivileges: true, maxRssMb: 512 })
  const env = { GLEANER_PLUGIN_DROP_PRIVILEGES: 'false', GLEANER_PLUGIN_MAX_MEMORY_MB: '2048' }
  expect(toPluginSettings(read([], env))).toMatchObject({ dropPrivileges: false, maxRssMb: 2_048 })
  expect(() => read(['--plugin-max-memory-mb', '8'])).toThrow('--plugin-max-memory-mb')
})

test('every variable that the server names somewhere is one', () => {
  const root = join(import.meta.dirname, '../src')
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.ts'),
  )
  const named = files.flatMap(
    (path) => readFileSync(join(root, path), 'utf8').match(/\bGLEANER_[A-Z_]+\b/g) ?? [],
  )
  const known = Object.values(OPTIONS).map(({ env }) => env)
  expect([...new Set(named)].filter((name) => !known.some((env) => env === name)).toSorted()).toEqual(OTHERS)
})

/** Of the command line, of the record of calls, and those that a plugin's process is started with. */
const OTHERS = [
  'GLEANER_API_KEY',
  'GLEANER_CONFIG',
  'GLEANER_DOMAIN',
  'GLEANER_PLUGIN_CACHE',
  'GLEANER_PLUGIN_GID',
  'GLEANER_PLUGIN_HOST',
  'GLEANER_PLUGIN_ID',
  'GLEANER_PLUGIN_PORT',
  'GLEANER_PLUGIN_READY',
  'GLEANER_PLUGIN_UID',
  'GLEANER_PLUGIN_VERSION',
  'GLEANER_RECORD',
  'GLEANER_URL',
]
