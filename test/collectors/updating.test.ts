import { afterAll, describe, expect, test } from 'vitest'
import {
  type CollectorChanges,
  collect,
  getCollector,
  setCollectorState,
  updateCollector,
} from '../../src/collectors/index.ts'
import {
  CollectorInfo_State,
  PluginInfo_UpgradeMode,
} from '../../src/gen/spaceone/api/inventory/v1/collector_pb.ts'
import { bucket } from '../inventory/write/support.ts'
import { Gate, pluginFailure, type Script, sends } from '../jobs/scripted-plugins.ts'
import { namesIn, newCollector, openWorkshop, runToEnd } from '../jobs/support.ts'
import { createCollectorIn } from './support.ts'

const workshop = await openWorkshop()
const { context, db, givenDomain, givenWorker, plugins, queue, startJob } = workshop
afterAll(workshop.close)

type Key = { readonly domainId: string; readonly collectorId: string }

/** A collector on a plugin of two versions that answers the version and the options it was started with. */
async function given(script: Script = {}, version = ''): Promise<Key> {
  const init = (options: object, running: string) => ({ running, keys: Object.keys(options) })
  const pluginId = plugins.add({ init, ...script }, { versions: ['2.0', '1.0'] })
  const domainId = await givenDomain()
  const request = newCollector({ domainId, pluginId, options: { depth: 1 }, version })
  return await createCollectorIn(workshop, { ...request, tags: { team: 'ops' } })
}

function update(key: Key, changes: CollectorChanges, describeAlways = false) {
  const { domainId, collectorId } = key
  return updateCollector(
    context(),
    { registry: plugins.registry, plugins },
    { domainId, collectorId, changes, describeAlways },
  )
}

const read = ({ domainId, collectorId }: Key) => getCollector(context(), { domainId, collectorId })

describe('a change', () => {
  test.each<[string, CollectorChanges, object]>([
    ['name', { name: 'Ajax' }, { name: 'Ajax' }],
    ['priority', { priority: 0 }, { priority: 0 }],
    ['tags', { tags: { a: '1' } }, { tags: { a: '1' } }],
    ['tags, to none', { tags: {} }, { tags: {} }],
    ['nothing', {}, {}],
    ['only the plugin that is there', { plugin: { pluginId: '' } }, {}],
  ])('of %s changes that alone, and asks no plugin', async (_, changes, expected) => {
    const key = await given()
    const before = await read(key)
    const asked = plugins.connected.length

    const answer = await update(key, changes)

    expect(answer).toEqual({ ...before, ...expected })
    expect(await read(key)).toEqual(answer)
    expect(plugins.connected.length).toBe(asked)
  })

  test.each<[string, CollectorChanges['plugin'], object]>([
    [
      'options',
      { options: { a: 1, b: 2 } },
      { options: { a: 1, b: 2 }, metadata: { running: '2.0', keys: ['a', 'b'] } },
    ],
    ['options, to none', { options: {} }, { options: {}, metadata: { running: '2.0', keys: [] } }],
    ['the version', { version: '1.0' }, { version: '1.0', metadata: { running: '1.0', keys: ['depth'] } }],
    ['the upgrade mode', { upgradeMode: 'MANUAL' }, { upgradeMode: PluginInfo_UpgradeMode.MANUAL }],
  ])('of %s asks the plugin what it is now', async (_, plugin, expected) => {
    const key = await given()
    const before = await read(key)
    const answer = await update(key, { plugin })
    expect(answer).toEqual({ ...before, pluginInfo: { ...before.pluginInfo, ...expected } })
    expect(plugins.openConnections).toBe(0)
  })

  test('takes over what the plugin’s record says by now', async () => {
    const key = await given()
    const pluginId = (await read(key)).pluginInfo?.pluginId ?? ''
    plugins.change(pluginId, { provider: 'ajax', capability: { monitoring: true } })
    expect(await update(key, {}, true)).toMatchObject({ provider: 'ajax', capability: { monitoring: true } })
  })

  test('without a version takes the newest under AUTO and keeps a pinned one under MANUAL', async () => {
    const key = await given({}, '1.0')
    expect((await update(key, { plugin: { upgradeMode: 'MANUAL' } })).pluginInfo?.version).toBe('1.0')
    expect((await update(key, { plugin: { options: {} } })).pluginInfo?.version).toBe('1.0')
    expect((await update(key, { plugin: { upgradeMode: 'AUTO' } })).pluginInfo?.version).toBe('2.0')
    const pinned = await update(key, { plugin: { upgradeMode: 'AUTO', version: '1.0' } })
    expect(pinned.pluginInfo?.version).toBe('1.0')
    expect((await update(key, { plugin: { version: '' } })).pluginInfo?.version).toBe('2.0')
  })

  test('may send back the metadata that was read', async () => {
    const key = await given()
    const { metadata } = (await read(key)).pluginInfo ?? {}
    await expect(update(key, { name: 'Ajax', plugin: { metadata } })).resolves.toMatchObject({ name: 'Ajax' })
  })

  test('of priority is how documents are merged from the next collect on', async () => {
    const first = await given({ collect: () => sends(bucket({ id: 'a', name: 'first' })) })
    const second = await createCollectorIn(workshop, {
      ...newCollector({
        domainId: first.domainId,
        pluginId: plugins.add({ collect: () => sends(bucket({ id: 'a', name: 'second' })) }),
      }),
    })
    await givenWorker()
    for (const key of [first, second]) await runToEnd(db, await startJob(key))
    expect(await namesIn(db, first.domainId)).toEqual(['first'])

    await update(second, { priority: 5 })
    await runToEnd(db, await startJob(second))
    expect(await namesIn(db, first.domainId)).toEqual(['second'])
  })
})

describe('a change that cannot be', () => {
  test.each<[string, CollectorChanges, string, RegExp]>([
    ['an empty name', { name: ' ' }, 'ERROR_REQUIRED_PARAMETER', /'name'/],
    ['a name that is too long', { name: 'x'.repeat(256) }, 'ERROR_INVALID_PARAMETER', /'name'.*256/],
    ['a priority below 0', { priority: -1 }, 'ERROR_INVALID_PARAMETER', /'priority'.*-1/],
    [
      'another plugin',
      { plugin: { pluginId: 'plugin-2' } },
      'ERROR_INVALID_PARAMETER',
      /plugin_id.*'plugin-2'/,
    ],
    ['an unknown version', { plugin: { version: '9' } }, 'ERROR_INVALID_PLUGIN_VERSION', /9.*2.0, 1.0/],
    ['metadata of its own', { plugin: { metadata: { a: 1 } } }, 'ERROR_INVALID_PARAMETER', /metadata/],
  ])('because of %s is refused and changes nothing', async (_, changes, code, message) => {
    const key = await given()
    const before = await read(key)
    await expect(update(key, { tags: { lost: 'yes' }, ...changes })).rejects.toMatchObject({
      kind: 'invalid',
      code,
      message: expect.stringMatching(message),
    })
    expect(await read(key)).toEqual(before)
  })

  test('for several reasons is told all of them', async () => {
    const changes = { name: '', priority: 100, plugin: { pluginId: 'plugin-2' } }
    await expect(update(await given(), changes)).rejects.toMatchObject({
      message: expect.stringMatching(/'name'.*'priority'.*'plugin_info.plugin_id'/),
    })
    await expect(update({ domainId: 'domain-1', collectorId: '' }, changes)).rejects.toMatchObject({
      message: expect.stringMatching(/'collector_id'.*'name'.*'priority'/),
    })
  })

  test('because the plugin fails changes nothing, and says so in the plugin’s words', async () => {
    const key = await given({
      init: ({ broken }) => {
        if (broken === undefined) return {}
        throw pluginFailure(false, 'ERROR_OPTIONS', 'init')
      },
    })
    const before = await read(key)
    await expect(update(key, { name: 'Ajax', plugin: { options: { broken: 1 } } })).rejects.toMatchObject({
      kind: 'failed_precondition',
      code: 'ERROR_INIT_PLUGIN_FAILURE',
      message: expect.stringMatching(/the cloud said no.*goes on as it was/),
    })
    expect(await read(key)).toEqual(before)
    expect(plugins.openConnections).toBe(0)
  })

  test('of an unknown collector, or of one in another domain, does not find it', async () => {
    const { collectorId } = await given()
    const foreign = update({ domainId: await givenDomain(), collectorId }, { name: 'Ajax' })
    await expect(foreign).rejects.toMatchObject({ kind: 'not_found', code: 'ERROR_NOT_FOUND' })
  })
})

test('others may change the collector while its plugin is asked; the plugin is then asked anew', async () => {
  const gate = new Gate()
  let isSlow = false
  const key = await given({
    async init(options) {
      if (isSlow) {
        isSlow = false
        await gate.pass(context().signal)
      }
      return { keys: Object.keys(options) }
    },
  })

  isSlow = true
  const slow = update(key, { plugin: { version: '1.0' } })
  await gate.reached
  await update(key, { name: 'Ajax', plugin: { options: { fast: true } } })
  gate.open()

  expect(await slow).toMatchObject({
    name: 'Ajax',
    pluginInfo: { version: '1.0', options: { fast: true }, metadata: { keys: ['fast'] } },
  })
})

test('a collector is disabled and enabled, each as often as one likes', async () => {
  const key = await given()
  const set = (state: 'ENABLED' | 'DISABLED') => setCollectorState(context(), { ...key, state })
  const request = { ...key, filter: {}, secretId: '', collectMode: '' }

  for (const state of ['DISABLED', 'DISABLED'] as const) {
    expect((await set(state)).state).toBe(CollectorInfo_State.DISABLED)
  }
  await expect(collect(context(), { queue }, request)).rejects.toMatchObject({
    code: 'ERROR_COLLECTOR_STATE',
  })
  for (const state of ['ENABLED', 'ENABLED'] as const) {
    expect((await set(state)).state).toBe(CollectorInfo_State.ENABLED)
  }
  await expect(collect(context(), { queue }, request)).resolves.toMatchObject({ totalTasks: 1 })

  const unknown = setCollectorState(context(), { ...key, collectorId: 'collector-0', state: 'ENABLED' })
  await expect(unknown).rejects.toMatchObject({ kind: 'not_found' })
})
