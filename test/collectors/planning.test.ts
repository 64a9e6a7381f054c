import { create } from '@bufbuild/protobuf'
import { afterAll, expect, test } from 'vitest'
import { createCollector, getCollector, planCollector } from '../../src/collectors/index.ts'
import { PlanSchema, PluginDescriptionSchema } from '../../src/gen/gleaner/plugin/v1/extension_pb.ts'
import { NO_SELECTION } from '../../src/secrets/index.ts'
import { bucket } from '../inventory/write/support.ts'
import { pluginFailure, type Script, sends } from '../jobs/scripted-plugins.ts'
import { newCollector, openWorkshop, runToEnd } from '../jobs/support.ts'
import { givenSecret } from '../secrets/support.ts'

const workshop = await openWorkshop()
const { context, db, keyring, givenCollector, givenDomain, givenWorker, plugins, startJob } = workshop
afterAll(workshop.close)

const deps = { registry: plugins.registry, plugins, keyring }
const plan = (key: { domainId: string; collectorId: string }, secretId = '') =>
  planCollector(context(), { ...deps, registry: plugins.registry }, { ...key, secretId })

/** Predicts a call for each resource that is known, and one besides. */
const PREDICTS: Script = {
  plan: ({ known = [], secretData }) => {
    if (secretData.reveal().token === 'expired') throw pluginFailure(false, 'ERROR_AWAY', 'plan')
    const calls = known.reduce((sum, { resources }) => sum + resources, 1)
    return create(PlanSchema, {
      apis: [
        { api: 'disks', calls, seconds: 2, basis: 'assumed', permissions: ['disks.list', 'disks.get'] },
        { api: 'keys', calls: 5, permissions: ['disks.list'] },
      ],
      seconds: calls,
      policies: [{ allow: 'disks' }],
      notes: ['So it is.'],
    })
  },
  collect: () => sends(bucket({ id: 'r-1' }), bucket({ id: 'r-2' })),
}

/** A collector of all secrets of the provider `acme`. */
async function givenSecrets(tokens: readonly string[]) {
  const domainId = await givenDomain()
  const secrets: string[] = []
  for (const token of tokens)
    secrets.push((await givenSecret(workshop, { domainId, provider: 'acme', data: { token } })).secretId)
  const request = newCollector({ domainId, pluginId: plugins.add(PREDICTS) })
  const plugin = request.plugin && { ...request.plugin, selection: { ...NO_SELECTION, provider: 'acme' } }
  const withRegistry = { ...deps, registry: plugins.registry }
  const { collectorId = '' } = await createCollector(context(), withRegistry, { ...request, plugin })
  return { domainId, collectorId, secrets: secrets.toSorted() }
}

test('a plan has the plugin’s own numbers, and sums of them', async () => {
  const collector = await givenCollector(PREDICTS)
  expect(await plan(collector)).toEqual({
    collectorId: collector.collectorId,
    pluginId: collector.pluginId,
    pluginVersion: '1.0.0',
    predicts: true,
    permissions: ['disks.get', 'disks.list'],
    calls: 6,
    seconds: 1,
    secrets: [
      {
        secretId: '',
        apis: [
          { api: 'disks', calls: 1, seconds: 2, basis: 'assumed', permissions: ['disks.get', 'disks.list'] },
          { api: 'keys', calls: 5, seconds: 0, basis: '', permissions: ['disks.list'] },
        ],
        calls: 6,
        seconds: 1,
        policies: [{ allow: 'disks' }],
        notes: ['So it is.'],
      },
    ],
  })
  expect(plugins.openConnections).toBe(0)
})

test('what was collected before is told to the plugin, cell by cell', async () => {
  const collector = await givenCollector(PREDICTS)
  await givenWorker()
  await runToEnd(db, await startJob(collector))
  expect(await plan(collector)).toMatchObject({ calls: 3 + 5 })
})

test('secrets are planned side by side: calls add up, time does not, and one that fails is an entry', async () => {
  const { secrets, ...key } = await givenSecrets(['one', 'expired', 'two'])
  const found = await plan(key)
  expect(found).toMatchObject({ predicts: true, calls: 12, seconds: 1 })
  const failed = found.secrets?.filter(({ errorCode }) => errorCode !== undefined)
  expect(failed).toMatchObject([
    { errorCode: 'ERROR_AWAY', errorMessage: expect.stringContaining('said no') },
  ])
  expect(found.secrets?.map(({ secretId }) => secretId).toSorted()).toEqual(secrets)
})

test('one secret of the choice is planned alone, one outside of it is refused', async () => {
  const { secrets, ...key } = await givenSecrets(['one', 'two'])
  expect(await plan(key, secrets[1])).toMatchObject({ secrets: [{ secretId: secrets[1] }] })
  await expect(plan(key, 'secret-ffffffffffff')).rejects.toMatchObject({ kind: 'invalid' })
})

test('a plugin that predicts nothing tells what it has to be allowed, if it describes itself', async () => {
  const described = await givenCollector({
    describe: () =>
      create(PluginDescriptionSchema, {
        permissions: ['b', 'a'],
        resourceTypes: [{ group: 'g', type: 't', permissions: ['c', 'a'] }],
      }),
  })
  const about = { predicts: false, permissions: ['a', 'b', 'c'] }
  expect(await plan(described)).toMatchObject(about)
  expect(await plan(await givenCollector())).toMatchObject({ predicts: false, permissions: [] })
})

test('the newest version is asked where it would run, and nothing is upgraded', async () => {
  const collector = await givenCollector(PREDICTS)
  plugins.change(collector.pluginId, { versions: ['2.0.0', '1.0.0'] })
  expect(await plan(collector)).toMatchObject({ pluginVersion: '2.0.0' })
  expect(await getCollector(context(), collector)).toMatchObject({ pluginInfo: { version: '1.0.0' } })
})

test('an unknown collector is not found, and none at all is missing', async () => {
  const domainId = await givenDomain()
  await expect(plan({ domainId, collectorId: 'collector-0' })).rejects.toMatchObject({ kind: 'not_found' })
  await expect(plan({ domainId, collectorId: '' })).rejects.toMatchObject({
    code: 'ERROR_REQUIRED_PARAMETER',
  })
})
