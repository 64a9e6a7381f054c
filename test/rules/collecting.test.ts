import { fromBinary, type JsonObject, toBinary } from '@bufbuild/protobuf'
import { afterAll, expect, test } from 'vitest'
import { deleteCollector, updateCollector } from '../../src/collectors/index.ts'
import { ResourceInfoSchema } from '../../src/gen/spaceone/api/inventory/plugin/collector_pb.ts'
import { createRule, deleteRule, listRules, updateRule } from '../../src/rules/index.ts'
import { bucket } from '../inventory/write/support.ts'
import { sends } from '../jobs/scripted-plugins.ts'
import { openWorkshop, runToEnd } from '../jobs/support.ts'
import { givenProject, givenSecret, givenServiceAccount } from '../secrets/support.ts'

const workshop = await openWorkshop()
const { context, db, givenCollector, givenWorker, plugins, startJob } = workshop
afterAll(workshop.close)

type Key = { readonly domainId: string; readonly collectorId: string }

/** Two buckets, `a` and `b`, whose bytes are the same in every run. */
const collectsTwo = { collect: () => sends(bucket({ id: 'a', name: 'a' }), bucket({ id: 'b', name: 'b' })) }

async function collectAll(collector: Key) {
  const { job, task } = await runToEnd(db, await startJob(collector))
  expect(job.status).toBe('SUCCESS')
  return task
}

async function stored(domainId: string) {
  const rows = await db.query<{ name: string; projectId: string; data: JsonObject }>(
    'select name, project_id, data from cloud_service where domain_id = $1 order by name',
    [domainId],
  )
  return Object.fromEntries(
    rows.map(({ name, projectId, data }) => [name, { projectId, info: data.additional_info }]),
  )
}

function addRule(collector: Key, content: JsonObject) {
  return createRule(context(), { ...collector, content })
}

const FOR_A = {
  conditions: [{ key: 'name', value: 'a', operator: 'eq' }],
  conditions_policy: 'ALL',
}

test('a rule is applied to unchanged bytes at the next collect, and so is its end', async () => {
  const collector = await givenCollector(collectsTwo)
  const { domainId } = collector
  const projectId = await givenProject(db, domainId)
  await givenWorker()
  await collectAll(collector)
  expect(await stored(domainId)).toEqual({ a: { projectId: '' }, b: { projectId: '' } })

  const actions = { change_project: projectId, add_additional_info: { team: 'ops' } }
  const { collectorRuleId = '' } = await addRule(collector, { ...FOR_A, actions })
  expect(await collectAll(collector)).toMatchObject({ updatedCount: 1, unchangedCount: 1 })
  expect(await stored(domainId)).toEqual({
    a: { projectId, info: { team: 'ops' } },
    b: { projectId: '' },
  })

  expect(await collectAll(collector)).toMatchObject({ updatedCount: 0, unchangedCount: 2 })
  const key = { domainId, collectorRuleId }
  await updateRule(context(), { ...key, content: { actions: { add_additional_info: { team: 'dev' } } } })
  await collectAll(collector)
  expect(await stored(domainId)).toMatchObject({ a: { projectId: '', info: { team: 'dev' } } })

  await deleteRule(context(), key)
  await collectAll(collector)
  expect(await stored(domainId)).toEqual({ a: { projectId: '' }, b: { projectId: '' } })
})

test('what is looked up is looked up anew in each run', async () => {
  const collector = await givenCollector(collectsTwo)
  const { domainId } = collector
  await givenWorker()
  await addRule(collector, {
    conditions_policy: 'ALWAYS',
    actions: {
      match_project: { source: 'name', target: 'name' },
      match_service_account: { source: 'name', target: 'data.bucket' },
    },
  })
  await collectAll(collector)
  expect(await stored(domainId)).toMatchObject({ a: { projectId: '' }, b: { projectId: '' } })

  const byName = await givenProject(db, domainId)
  await db.query(`update project set name = 'a' where project_id = $1`, [byName])
  const ofAccount = await givenProject(db, domainId)
  const accountId = await givenServiceAccount(db, domainId)
  await db.query(
    `update service_account set project_id = $2, data = '{"bucket": "b"}' where service_account_id = $1`,
    [accountId, ofAccount],
  )
  await collectAll(collector)
  expect(await stored(domainId)).toEqual({
    a: { projectId: byName, info: undefined },
    b: { projectId: ofAccount, info: { service_account_id: accountId } },
  })

  const twin = await givenProject(db, domainId)
  await db.query(`update project set name = 'a' where project_id = $1`, [twin])
  await collectAll(collector)
  expect(await stored(domainId)).toMatchObject({ a: { projectId: '' } })
})

test('the rules of a plugin follow what it says of itself, and come before those of people', async () => {
  let shop = 'p-1'
  const collector = await givenCollector({
    ...collectsTwo,
    init: (options) => ({
      collector_rules: [
        { conditions_policy: 'ALWAYS', actions: { add_additional_info: { shop, by: 'plugin' } } },
        { conditions_policy: 'SOMETIMES', actions: {} },
        ...(options.more === undefined
          ? []
          : [{ ...FOR_A, actions: { add_additional_info: { more: true } } }]),
      ],
    }),
  })
  const { domainId, collectorId } = collector
  await givenWorker()
  await addRule(collector, {
    conditions_policy: 'ALWAYS',
    actions: { add_additional_info: { by: 'people' } },
  })
  await collectAll(collector)
  expect(await stored(domainId)).toMatchObject({ a: { info: { shop: 'p-1', by: 'people' } } })
  const managed = async () =>
    (await listRules(context(), { domainId, equals: {} })).rows.filter((rule) => rule.ruleType === 'MANAGED')
  const first = await managed()
  expect(first).toMatchObject([{ order: 1, collectorId }])

  shop = 'p-2'
  const deps = { registry: plugins.registry, plugins }
  await updateCollector(context(), deps, {
    domainId,
    collectorId,
    changes: { plugin: { options: { more: 1 } } },
  })
  expect(await managed()).toMatchObject([{ order: 1 }, { order: 2, conditions: [{ key: 'name' }] }])
  await collectAll(collector)
  expect(await stored(domainId)).toMatchObject({
    a: { info: { shop: 'p-2', by: 'people', more: true } },
    b: { info: { shop: 'p-2', by: 'people' } },
  })

  const before = await managed()
  await updateCollector(context(), deps, { domainId, collectorId, changes: {}, describeAlways: true })
  expect(await managed()).toEqual(before)
})

test('an upgrade by the worker brings the newer version’s rules, in the same run', async () => {
  const collector = await givenCollector({
    ...collectsTwo,
    init: (_options, version) => ({
      collector_rules: [{ conditions_policy: 'ALWAYS', actions: { add_additional_info: { version } } }],
    }),
  })
  await givenWorker()
  await collectAll(collector)
  plugins.change(collector.pluginId, { versions: ['2.0.0', '1.0.0'] })
  await collectAll(collector)
  expect(await stored(collector.domainId)).toMatchObject({ a: { info: { version: '2.0.0' } } })
})

test('rules are gone with their collector', async () => {
  const collector = await givenCollector(collectsTwo)
  const { domainId, collectorId } = collector
  await addRule(collector, { conditions_policy: 'ALWAYS', actions: { add_additional_info: { a: 1 } } })

  await deleteCollector(context(), { domainId, collectorId })
  expect((await listRules(context(), { domainId })).totalCount).toBe(0)
})

test('another project of the collector reaches unchanged bytes, and what they say of a project themselves stays', async () => {
  const collector = await givenCollector({
    collect: () => sends(bucket({ id: 'a' }), bucket({ id: 'b', extra: { project_id: 'own' } })),
  })
  const { domainId, collectorId } = collector
  await givenWorker()
  await collectAll(collector)
  const projectId = await givenProject(db, domainId)
  await db.query('update collector set project_id = $3 where domain_id = $1 and collector_id = $2', [
    domainId,
    collectorId,
    projectId,
  ])

  expect(await collectAll(collector)).toMatchObject({ updatedCount: 1, unchangedCount: 1 })

  expect(await stored(domainId)).toEqual({ a: { projectId }, b: { projectId: 'own' } })
})

test('what names no project is in that of its secret, before that of the collector', async () => {
  const collector = await givenCollector({
    collect: () => sends(bucket({ id: 'a' }), bucket({ id: 'b', extra: { project_id: 'own' } })),
  })
  const { domainId } = collector
  const [ofCollector, ofSecret] = [await givenProject(db, domainId), await givenProject(db, domainId)]
  const { secretId } = await givenSecret(workshop, { domainId, projectId: ofSecret })
  await givenWorker()
  await db.query('update collector set project_id = $2, secret_id = $3 where domain_id = $1', [
    domainId,
    ofCollector,
    secretId,
  ])

  await collectAll(collector)

  expect(await stored(domainId)).toEqual({ a: { projectId: ofSecret }, b: { projectId: 'own' } })
})

test('a resource that only updates changes what is there and creates nothing', async () => {
  let second = false
  const updating = (id: string) => {
    const sent = fromBinary(ResourceInfoSchema, bucket({ id, data: { v: 2 } }))
    return toBinary(ResourceInfoSchema, { ...sent, options: { update_mode: 'MERGE' } })
  }
  const collector = await givenCollector({
    collect: () => (second ? sends(updating('a'), updating('new')) : sends(bucket({ id: 'a' }))),
  })
  await givenWorker()
  await collectAll(collector)
  second = true

  expect(await collectAll(collector)).toMatchObject({ createdCount: 0, updatedCount: 1, failureCount: 0 })

  const rows = await db.query('select name, data from cloud_service where domain_id = $1', [
    collector.domainId,
  ])
  expect(rows).toEqual([{ name: 'a', data: { v: 2 } }])
})
