import { afterAll, describe, expect, test } from 'vitest'
import {
  type CreateCollectorInput,
  createCollector,
  deleteCollector,
  getCollector,
  listCollectors,
  type PluginInput,
} from '../../src/collectors/index.ts'
import {
  CollectorInfo_State,
  PluginInfo_UpgradeMode,
} from '../../src/gen/spaceone/api/inventory/v1/collector_pb.ts'
import { pluginFailure } from '../jobs/scripted-plugins.ts'
import { newCollector, openWorkshop } from '../jobs/support.ts'
import { givenProject } from '../secrets/support.ts'

const workshop = await openWorkshop()
const { context, db, givenDomain, plugins } = workshop
afterAll(workshop.close)

type Changes = Partial<Omit<CreateCollectorInput, 'plugin'>> & { plugin?: Partial<PluginInput> }

/** Creates a collector on a plugin of two versions, with these changes to the request. */
async function create(changes: Changes = {}, domainId?: string) {
  const pluginId = plugins.add({ init: () => ({ filter_format: [] }) }, { versions: ['2.0', '1.0'] })
  const request = newCollector({ domainId: domainId ?? (await givenDomain()), pluginId })
  const plugin = request.plugin && { ...request.plugin, ...changes.plugin }
  return await createCollector(
    context(),
    { registry: plugins.registry, plugins },
    { ...request, ...changes, plugin },
  )
}

async function countIn(domainId: string): Promise<number> {
  return (await listCollectors(context(), { domainId })).totalCount
}

describe('a new collector', () => {
  test('gets the defaults, the plugin record and what the plugin says of itself', async () => {
    const domainId = await givenDomain()
    const created = await create({ tags: { team: 'ops' }, plugin: { options: { depth: 1 } } }, domainId)

    expect(created).toMatchObject({
      collectorId: expect.stringMatching(/^collector-[0-9a-f]{12}$/),
      name: 'Acme',
      state: CollectorInfo_State.ENABLED,
      priority: 10,
      isPublic: true,
      projectId: '',
      tags: { team: 'ops' },
      provider: 'acme',
      capability: {},
      domainId,
      pluginInfo: {
        version: '2.0',
        options: { depth: 1 },
        metadata: { filter_format: [] },
        upgradeMode: PluginInfo_UpgradeMode.AUTO,
      },
    })
    expect(created.lastCollectedAt ?? '').toBe('')
    const id = { domainId, collectorId: created.collectorId ?? '' }
    expect(await getCollector(context(), id)).toEqual(created)
    expect(await getCollector(context(), { ...id, only: ['name', 'plugin_info.version'] })).toEqual({
      name: 'Acme',
      pluginInfo: { version: '2.0' },
    })
  })

  test.each([
    ['neither is said', undefined, '', true],
    ['only a project is said', undefined, 'project-1', false],
    ['it is private with a project', false, 'project-1', false],
    ['it is public without one', true, '', true],
  ])('is public or private as it should when %s', async (_, isPublic, projectId, expected) => {
    const domainId = await givenDomain()
    if (projectId !== '') await givenProject(db, domainId, projectId)
    expect(await create({ isPublic, projectId }, domainId)).toMatchObject({ isPublic: expected, projectId })
  })

  test('keeps an explicit priority of 0', async () => {
    expect((await create({ priority: 0 })).priority).toBe(0)
  })

  test('runs the version that was asked for', async () => {
    const created = await create({ plugin: { version: '1.0', upgradeMode: 'MANUAL' } })
    expect(created.pluginInfo).toMatchObject({ version: '1.0', upgradeMode: PluginInfo_UpgradeMode.MANUAL })
    expect(plugins.connected.at(-1)).toBe('1.0')
  })

  test('may send back the metadata that the plugin answers', async () => {
    const created = await create({ plugin: { metadata: { filter_format: [] } } })
    expect(created.pluginInfo?.metadata).toEqual({ filter_format: [] })
  })
})

describe('a collector that cannot be', () => {
  const empty = { secretId: '', secretGroupId: '', provider: '', serviceAccountId: '' }
  test.each<[string, Changes, string, RegExp]>([
    ['has no name', { name: '' }, 'ERROR_REQUIRED_PARAMETER', /'name'/],
    ['has a name that is too long', { name: 'x'.repeat(256) }, 'ERROR_INVALID_PARAMETER', /'name'.*256.*255/],
    ['has a priority over 99', { priority: 100 }, 'ERROR_INVALID_PARAMETER', /'priority'.*100/],
    ['is private without a project', { isPublic: false }, 'ERROR_REQUIRED_PARAMETER', /'project_id'/],
    ['is public with one', { isPublic: true, projectId: 'p' }, 'ERROR_INVALID_PARAMETER', /'project_id'/],
    ['names no plugin', { plugin: { pluginId: '' } }, 'ERROR_REQUIRED_PARAMETER', /plugin_info.plugin_id/],
    ['names an unknown plugin', { plugin: { pluginId: 'nope' } }, 'ERROR_PLUGIN_NOT_FOUND', /'nope'/],
    ['names an unknown version', { plugin: { version: '9' } }, 'ERROR_INVALID_PLUGIN_VERSION', /9.*2.0, 1.0/],
    [
      'names what is not there',
      { projectId: 'p-1', plugin: { selection: { ...empty, secretId: 's-1', serviceAccountId: 'sa-1' } } },
      'ERROR_NOT_FOUND',
      /project 'p-1' not found; secret 's-1' not found; service account 'sa-1' not found/,
    ],
    [
      'sends other metadata',
      { plugin: { metadata: { filter_format: ['x'] } } },
      'ERROR_INVALID_PARAMETER',
      /plugin_info.metadata/,
    ],
  ])('because it %s is refused and not stored', async (_, changes, code, message) => {
    const domainId = await givenDomain()
    await expect(create(changes, domainId)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
    expect(await countIn(domainId)).toBe(0)
  })

  test('for several reasons is told all of them', async () => {
    const refused = create({ name: '', priority: 500, isPublic: false })
    await expect(refused).rejects.toMatchObject({
      kind: 'invalid',
      code: 'ERROR_REQUIRED_PARAMETER',
      message: expect.stringMatching(/'name'.*'priority'.*'project_id'/),
    })
  })

  test('because its plugin needs a secret, and none is chosen, is refused', async () => {
    const domainId = await givenDomain()
    const pluginId = plugins.add({}, { capability: { supported_schema: ['acme_key'] } })
    const refused = createCollector(
      context(),
      { registry: plugins.registry, plugins },
      newCollector({ domainId, pluginId }),
    )
    await expect(refused).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringMatching(/acme_key/),
    })
    expect(await countIn(domainId)).toBe(0)
  })

  test.each([
    [true, 'unavailable'],
    [false, 'failed_precondition'],
  ])(
    'because its plugin fails in init (passing: %s) is refused in the plugin’s own words',
    async (retryable, kind) => {
      const domainId = await givenDomain()
      const pluginId = plugins.add({
        init: () => {
          throw pluginFailure(retryable, 'ERROR_OPTIONS', 'init')
        },
      })
      const refused = createCollector(
        context(),
        { registry: plugins.registry, plugins },
        newCollector({ domainId, pluginId }),
      )
      await expect(refused).rejects.toMatchObject({
        kind,
        code: 'ERROR_VERIFY_PLUGIN_FAILURE',
        message: expect.stringMatching(/the cloud said no.*Nothing was stored/),
      })
      expect(await countIn(domainId)).toBe(0)
      expect(plugins.openConnections).toBe(0)
    },
  )
})

describe('deleting', () => {
  test('removes the collector, and a second time it is not found', async () => {
    const domainId = await givenDomain()
    const collectorId = (await create({}, domainId)).collectorId ?? ''

    await deleteCollector(context(), { domainId, collectorId })

    expect(await countIn(domainId)).toBe(0)
    const again = deleteCollector(context(), { domainId, collectorId })
    await expect(again).rejects.toMatchObject({ kind: 'not_found', code: 'ERROR_NOT_FOUND' })
  })

  test('needs the domain of the collector', async () => {
    const domainId = await givenDomain()
    const collectorId = (await create({}, domainId)).collectorId ?? ''
    const foreign = deleteCollector(context(), { domainId: await givenDomain(), collectorId })
    await expect(foreign).rejects.toMatchObject({ kind: 'not_found' })
    expect(await countIn(domainId)).toBe(1)
  })
})
