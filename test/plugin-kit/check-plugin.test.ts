import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkPlugin, isConformant, type WorkbenchInput } from '../../src/plugin-kit/index.ts'
import type { PluginSettings } from '../../src/plugins/index.ts'
import { gleaner } from '../cli/gleaner.ts'
import { fixture } from '../plugins/support.ts'
import { whyNoPluginUser } from '../support/plugin-user.ts'
import { preparePython, pythonPluginImage } from '../support/python.ts'

/**
 * The checks judge how long things take, so that on a busy machine they may find more than is wrong: then
 * once more.
 */
const ONCE_MORE = { retry: 2 }

const { signal } = new AbortController()
const python = preparePython()
const PYTHON_PLUGIN = join(import.meta.dirname, '../fixtures/plugins/python/plugin.py')
if ('missing' in python) console.warn(`SKIPPED: the Python plugin cannot be run here: ${python.missing}`)

/**
 * An ordinary user runs plugins as itself; root runs them as a user of their own, who has to reach the clone.
 */
const cannotRun = process.getuid?.() === 0 ? whyNoPluginUser() : undefined
if (cannotRun !== undefined) console.warn(`SKIPPED: the report about a bad plugin, because ${cannotRun}`)

const image = (name: string) => `cmd:${JSON.stringify([process.execPath, fixture(name)])}`

type Given = Partial<Pick<WorkbenchInput, 'cancelWithinMs' | 'memoryLoad' | 'restWithinMs'>> & {
  readonly secretData?: { token: string }
  readonly settings?: Partial<PluginSettings>
}

/** As often as it takes to say anything; what shows only after many messages has a case of its own. */
const SHORT = { messages: 0 }

async function verdictsOf(name: string, how = '', given: Given = {}) {
  const report = await checkPlugin({
    image: image(name),
    options: { how },
    signal,
    memoryLoad: SHORT,
    ...given,
    settings: { dropPrivileges: false, ...given.settings },
  })
  const bad = report.findings.filter(({ verdict }) => verdict === 'failed' || verdict === 'warning')
  expect(bad.filter(({ advice = '' }) => advice === '')).toEqual([])
  return { bad: bad.map(({ check, verdict }) => `${check}: ${verdict}`), report }
}

describe('a good plugin passes', ONCE_MORE, () => {
  test.each([
    ['builtin:sample', {}],
    ['builtin:host', {}],
  ])('%s', async (plugin, options) => {
    const report = await checkPlugin({ image: plugin, options, signal, memoryLoad: SHORT })
    expect(report.findings.filter(({ verdict }) => verdict === 'failed')).toEqual([])
    expect(report.findings.length).toBeGreaterThan(9)
    expect(isConformant(report)).toBe(true)
  })

  test.skipIf('missing' in python)('in Python, without anything of ours', async () => {
    const plugin = 'missing' in python ? '' : pythonPluginImage(python, PYTHON_PLUGIN)
    const report = await checkPlugin({
      image: plugin,
      signal,
      memoryLoad: SHORT,
      settings: { dropPrivileges: false },
    })
    expect(report.findings.filter(({ verdict }) => verdict === 'failed')).toEqual([])
    expect(report.findings.map(({ check }) => check)).toContain('memory')
  })
})

describe('what a plugin does wrong is found, and nothing else', ONCE_MORE, () => {
  test.each<[string, readonly string[], Given?]>([
    ['nothing at all', []],
    ['odd metadata', ['init: failed']],
    ['slow init', ['deadline of init: warning'], { settings: { initTimeoutMs: 12_000 } }],
    [
      'hangs on unknown options',
      ['errors: options that do not exist: failed'],
      { settings: { initTimeoutMs: 3_000 } },
    ],
    ['fails without a code', ['verify: failed', 'errors: no secret: warning']],
    ['breaks off', ['collect: failed']],
    ['finds nothing', ['content: warning']],
    ['reports a failure', ['partial failures: warning']],
    ['long silence', ['deadline of collect: warning'], { settings: { silenceTimeoutMs: 4_000 } }],
    [
      'swallows a refused secret',
      ['errors: a secret that is refused: failed'],
      { secretData: { token: 'right-token' } },
    ],
    ['shuffles keys', ['determinism: warning']],
    ['wrong types', ['resources: failed', 'content: warning']],
    ['duplicate keys', ['unique keys: failed']],
    ['random keys', ['stable keys: failed']],
    ['changes by itself', ['determinism: failed']],
    ['hangs in collect', ['collect: failed'], { settings: { silenceTimeoutMs: 2_000 } }],
    ['ignores cancel', ['cancellation: failed'], { cancelWithinMs: 2_000 }],
    ['works on in a thread', ['rest after a cancel: failed'], { restWithinMs: 1_500 }],
    ['works on in a child', ['rest after a cancel: failed'], { restWithinMs: 1_500 }],
    ['leaks memory', ['memory: failed']],
    ['leaks a little', ['memory: failed'], { memoryLoad: { messages: 6_000, withinMs: 60_000 } }],
    ['logs secrets', ['secrets: failed']],
  ])('%s', async (how, expected, given) => {
    expect((await verdictsOf('misbehaves', how, given)).bad).toEqual(expected)
  })

  test('data that are not as the plugin has declared', async () => {
    const module = join(import.meta.dirname, '../../sdk/test/fixtures/breaks-promise.ts')
    const { findings } = await checkPlugin({
      image: module,
      signal,
      memoryLoad: SHORT,
      settings: { dropPrivileges: false },
    })
    const bad = findings.filter(({ verdict }) => verdict === 'failed' || verdict === 'warning')
    expect(bad.map(({ check, what }) => `${check}: ${what}`)).toEqual([
      expect.stringMatching(/^data schema: the data of 2 resources .* d-2: data.size is no integer$/),
    ])
  })

  test('a plugin that does not start', async () => {
    const { bad, report } = await verdictsOf('exits-at-once')
    expect(bad).toEqual(['start: failed'])
    expect(report.findings[0]?.what).toContain('exited with code 3')
  })
})

describe('gleaner plugins check', ONCE_MORE, () => {
  test.skipIf(cannotRun !== undefined)(
    'prints a table and what to do, and ends with 1 when something failed',
    async () => {
      const ran = await gleaner('', [
        'plugin',
        'check',
        image('misbehaves'),
        '--options',
        '{"how":"duplicate keys"}',
        '--messages',
        '0',
      ])
      expect(ran.code).toBe(1)
      expect(ran.out).toMatch(/unique keys +failed +1 keys came more than once/)
      expect(ran.out).toContain('Two resources of one key overwrite each other.')
      expect(ran.out).toContain('has to be corrected')
    },
  )

  test('prints one JSON document, and ends with 0 when all is well', async () => {
    const ran = await gleaner('', ['--json', 'plugin', 'check', 'builtin:sample', '--messages', '0'])
    expect(ran.code).toBe(0)
    expect(JSON.parse(ran.out)).toMatchObject({ conformant: true, name: 'acme', version: '0.1.0' })
  })

  test('never quotes a secret that it cannot read', async () => {
    const ran = await gleaner('', ['plugin', 'check', 'builtin:sample', '--secret', '{"token":"hunter22"'])
    expect(ran).toMatchObject({ code: 2, notices: expect.stringContaining('--secret must be a JSON object') })
    expect(ran.notices).not.toContain('hunter22')
  })
})
