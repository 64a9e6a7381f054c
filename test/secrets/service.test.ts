import { EmptySchema } from '@bufbuild/protobuf/wkt'
import { describe, expect, test } from 'vitest'
import {
  CreateSecretRequestSchema,
  SecretInfoSchema,
  SecretRequestSchema,
  SecretType,
  UpdateSecretDataRequestSchema,
  UpdateSecretRequestSchema,
} from '../../src/gen/spaceone/api/secret/v1/secret_pb.ts'
import { openSecret } from '../../src/secrets/index.ts'
import { openServices } from './service-support.ts'
import { givenProject, givenServiceAccount } from './support.ts'

const { ask, call, db, givenDomain, keyring, pluginId, post } = await openServices()
const SECRET = '/secret/v1/secret'
const GROUP = '/secret/v1/secret-group'
const MARKER = 'do-not-show-4711'

const create = { input: CreateSecretRequestSchema, output: SecretInfoSchema }

async function dataOf(domainId: string, secretId: string) {
  const opening = { kind: 'request' as const, collectorId: '', requestId: 'req-1' }
  const opened = await openSecret({ db, keyring, now: () => new Date() }, { domainId, secretId, opening })
  return { data: opened.secretData.reveal(), dataVersion: opened.dataVersion }
}

describe('a secret', () => {
  test('takes provider and project from its service account, and shows everything but its data', async () => {
    const domain_id = await givenDomain()
    const project_id = await givenProject(db, domain_id)
    const account = await ask('/identity/v1/service-account/create', {
      ...{ name: 'Production', data: { account_id: '40017' }, provider: 'acme', project_id, domain_id },
    })
    const created = await ask(`${SECRET}/create`, {
      name: 'Key',
      data: { token: MARKER },
      schema: 'acme_key',
      tags: { team: 'ops' },
      service_account_id: account.service_account_id,
      domain_id,
    })

    expect(created).toEqual({
      secret_id: expect.stringMatching(/^secret-[0-9a-f]{12}$/),
      name: 'Key',
      secret_type: 'CREDENTIALS',
      tags: { team: 'ops' },
      schema: 'acme_key',
      provider: 'acme',
      service_account_id: account.service_account_id,
      project_id,
      trusted_secret_id: '',
      domain_id,
      created_at: expect.stringMatching(/Z$/),
    })
    const { secret_id } = created
    expect(await ask(`${SECRET}/get`, { secret_id, domain_id })).toEqual(created)
    expect(await ask(`${SECRET}/get`, { secret_id, domain_id, only: ['schema'] })).toEqual({
      schema: 'acme_key',
    })
    expect(await dataOf(domain_id, secret_id)).toEqual({ data: { token: MARKER }, dataVersion: 1 })
  })

  test('is listed, searched and counted by its fields', async () => {
    const domain_id = await givenDomain()
    for (const name of ['one', 'two', 'three'])
      await ask(`${SECRET}/create`, { name, data: { a: 1 }, schema: name === 'one' ? 'x' : 'y', domain_id })

    const list = (more: object) => ask(`${SECRET}/list`, { domain_id, ...more })
    expect((await list({})).results.map(({ name }: { name: string }) => name)).toEqual([
      'one',
      'three',
      'two',
    ])
    expect(await list({ schema: 'y' })).toMatchObject({ total_count: 2 })
    expect(await list({ name: 'two', secret_type: 'CREDENTIALS' })).toMatchObject({ total_count: 1 })
    expect(await list({ query: { keyword: 'thr' } })).toMatchObject({ total_count: 1 })
    const query = {
      aggregate: [
        { group: { keys: [{ key: 'schema', name: 's' }], fields: [{ name: 'n', operator: 'count' }] } },
      ],
    }
    expect((await ask(`${SECRET}/stat`, { domain_id, query })).results).toEqual(
      expect.arrayContaining([
        { s: 'x', n: 1 },
        { s: 'y', n: 2 },
      ]),
    )
  })

  test('has no field that leads to its data, whatever is asked', async () => {
    const domain_id = await givenDomain()
    await ask(`${SECRET}/create`, { name: 'Key', data: { token: MARKER }, domain_id })
    for (const field of ['data', 'data.token', 'sealed', 'wrapped_key']) {
      for (const query of [
        { filter: [{ k: field, v: 'x', o: 'contain' }] },
        { only: [field] },
        { sort: { key: field } },
      ]) {
        expect((await post(`${SECRET}/list`, { domain_id, query })).status).toBe(400)
      }
      const query = { distinct: field }
      expect((await post(`${SECRET}/stat`, { domain_id, query })).status).toBe(400)
    }
  })

  test('changes what is sent and keeps the rest; its data are another call', async () => {
    const domainId = await givenDomain()
    const [one, other] = [await givenProject(db, domainId), await givenProject(db, domainId)]
    const made = await call('/spaceone.api.secret.v1.Secret/create', create, {
      ...{
        name: 'Key',
        data: { a: 1 },
        secretType: SecretType.CREDENTIALS,
        tags: { t: 1 },
        projectId: one,
        domainId,
      },
    })
    const secretId = made.answer?.secretId ?? ''
    const update = (request: object) =>
      call(
        '/spaceone.api.secret.v1.Secret/update',
        { input: UpdateSecretRequestSchema, output: SecretInfoSchema },
        { secretId, domainId, ...request },
      )

    expect((await update({ name: 'New' })).answer).toMatchObject({
      name: 'New',
      tags: { t: 1 },
      projectId: one,
    })
    expect((await update({ tags: {} })).answer).toMatchObject({ name: 'New', tags: {}, projectId: one })
    expect((await update({ projectId: other })).answer).toMatchObject({ projectId: other })
    expect((await update({ releaseProject: true })).answer).toMatchObject({ projectId: '' })
    expect(await dataOf(domainId, secretId)).toMatchObject({ dataVersion: 1 })

    const changed = await call(
      '/spaceone.api.secret.v1.Secret/update_data',
      { input: UpdateSecretDataRequestSchema, output: EmptySchema },
      { secretId, domainId, data: { b: 2 }, schema: 'acme_key' },
    )
    expect(changed).toMatchObject({ code: 0 })
    expect(await dataOf(domainId, secretId)).toEqual({ data: { b: 2 }, dataVersion: 2 })
    expect(await ask(`${SECRET}/get`, { secret_id: secretId, domain_id: domainId })).toMatchObject({
      schema: 'acme_key',
    })
  })

  test('does not give its data back, and who may not see it does not learn of it', async () => {
    const domainId = await givenDomain()
    const { answer } = await call('/spaceone.api.secret.v1.Secret/create', create, {
      ...{ name: 'Key', data: { token: MARKER }, domainId },
    })
    const secretId = answer?.secretId ?? ''
    const get = { input: SecretRequestSchema, output: EmptySchema }
    const refused = await call('/spaceone.api.secret.v1.Secret/get_data', get, { secretId, domainId })
    expect(refused).toMatchObject({
      code: 7,
      details: expect.stringMatching(/^ERROR_PERMISSION_DENIED: .*plugins alone/),
    })
    expect(await post(`${SECRET}/get-data`, { secret_id: secretId, domain_id: domainId })).toMatchObject({
      status: 403,
    })
    const foreign = { secret_id: secretId, domain_id: await givenDomain() }
    for (const method of ['get', 'get-data', 'update', 'delete'])
      expect(await post(`${SECRET}/${method}`, foreign)).toMatchObject({ status: 404 })
    expect(await post(`${SECRET}/update-data`, { ...foreign, data: { a: 1 } })).toMatchObject({ status: 404 })
  })
})

describe('a secret that cannot be', () => {
  const deep = (levels: number): object => (levels === 0 ? {} : { in: deep(levels - 1) })

  test.each<[string, object, string, RegExp]>([
    [
      'has no name and no data',
      { name: '', data: undefined },
      'ERROR_REQUIRED_PARAMETER',
      /'name'.*; .*'data'/,
    ],
    ['has empty data', { data: {} }, 'ERROR_REQUIRED_PARAMETER', /'data'/],
    [
      'has large data',
      { data: { token: MARKER.repeat(6_000) } },
      'ERROR_INVALID_PARAMETER',
      /'data'.*96012 bytes.*65536/,
    ],
    [
      'has deep data',
      { data: { token: MARKER, ...deep(17) } },
      'ERROR_INVALID_PARAMETER',
      /'data'.*18 levels.*16/,
    ],
    ['has a long schema', { schema: 's'.repeat(41) }, 'ERROR_INVALID_PARAMETER', /'schema'.*41.*40/],
    [
      'has a trusted secret',
      { trusted_secret_id: 'secret-1' },
      'ERROR_INVALID_PARAMETER',
      /does not combine secrets/,
    ],
    [
      'names what is not there',
      { service_account_id: 'sa-1', project_id: 'project-1' },
      'ERROR_NOT_FOUND',
      /service account 'sa-1' not found; project 'project-1' not found/,
    ],
    ['is of no known type', { secret_type: 'OTHER' }, 'ERROR_INVALID_PARAMETER', /secret_type/],
  ])('because it %s is refused without showing the data', async (_, changes, code, message) => {
    const domain_id = await givenDomain()
    const refused = await post(`${SECRET}/create`, {
      name: 'Key',
      data: { token: MARKER },
      domain_id,
      ...changes,
    })
    expect(refused).toMatchObject({
      body: { detail: { code, message: expect.stringMatching(message) } },
    })
    expect(JSON.stringify(refused)).not.toContain(MARKER)
    expect(await ask(`${SECRET}/list`, { domain_id })).toMatchObject({ total_count: 0 })
  })

  test('an update that says two things about the project is refused', async () => {
    const domain_id = await givenDomain()
    const { secret_id } = await ask(`${SECRET}/create`, { name: 'Key', data: { a: 1 }, domain_id })
    const project_id = await givenProject(db, domain_id)
    const refused = await post(`${SECRET}/update`, {
      secret_id,
      domain_id,
      project_id,
      release_project: true,
    })
    expect(refused).toMatchObject({
      status: 400,
      body: { detail: { message: expect.stringMatching(/release_project/) } },
    })
  })
})

describe('a secret group', () => {
  test('gets and loses members, and is found by them', async () => {
    const domain_id = await givenDomain()
    const { secret_id } = await ask(`${SECRET}/create`, { name: 'Key', data: { a: 1 }, domain_id })
    const made = await ask(`${GROUP}/create`, { name: 'All', tags: { a: 1 }, domain_id })
    const { secret_group_id } = made
    const member = { secret_group_id, secret_id, domain_id }
    await ask(`${GROUP}/create`, { name: 'Empty', domain_id })

    expect(await ask(`${GROUP}/add-secret`, member)).toMatchObject({
      secret_group_info: made,
      secret_info: { secret_id, name: 'Key' },
      domain_id,
    })
    expect(await post(`${GROUP}/add-secret`, member)).toMatchObject({ status: 409 })
    expect(await ask(`${GROUP}/list`, { domain_id, secret_id })).toMatchObject({
      total_count: 1,
      results: [made],
    })
    expect(await ask(`${GROUP}/list`, { domain_id })).toMatchObject({ total_count: 2 })

    await ask(`${GROUP}/remove-secret`, member)
    expect(await ask(`${GROUP}/list`, { domain_id, secret_id })).toMatchObject({
      total_count: 0,
      results: [],
    })
    expect(await post(`${GROUP}/remove-secret`, member)).toMatchObject({ status: 404 })
    expect(await ask(`${GROUP}/update`, { secret_group_id, domain_id, name: 'New' })).toMatchObject({
      name: 'New',
      tags: { a: 1 },
    })
    await ask(`${GROUP}/delete`, { secret_group_id, domain_id })
    expect(await post(`${GROUP}/get`, { secret_group_id, domain_id })).toMatchObject({ status: 404 })
  })

  test('takes no secret of another domain', async () => {
    const [domain_id, foreign] = [await givenDomain(), await givenDomain()]
    const { secret_id } = await ask(`${SECRET}/create`, { name: 'Key', data: { a: 1 }, domain_id: foreign })
    const { secret_group_id } = await ask(`${GROUP}/create`, { name: 'All', domain_id })
    const refused = await post(`${GROUP}/add-secret`, { secret_group_id, secret_id, domain_id })
    expect(refused).toMatchObject({ status: 404 })
  })
})

describe('what is used is not deleted, and the answer names its users', () => {
  test('a secret, its group, its account, and the project of all of them', async () => {
    const domain_id = await givenDomain()
    const project_id = await givenProject(db, domain_id)
    const service_account_id = await givenServiceAccount(db, domain_id)
    await ask('/identity/v1/service-account/update', { service_account_id, project_id, domain_id })
    const { secret_id } = await ask(`${SECRET}/create`, {
      name: 'Key',
      data: { a: 1 },
      service_account_id,
      domain_id,
    })
    const { secret_group_id } = await ask(`${GROUP}/create`, { name: 'All', domain_id })
    await ask(`${GROUP}/add-secret`, { secret_group_id, secret_id, domain_id })
    const plugin_info = { plugin_id: pluginId, secret_id, secret_group_id, service_account_id }
    const { collector_id } = await ask('/inventory/v1/collector/create', {
      name: 'C',
      plugin_info,
      project_id,
      domain_id,
    })

    const refusal = (code: string, ...users: string[]) => ({
      status: 400,
      body: {
        detail: {
          code,
          message: expect.stringMatching(new RegExp(`used by ${users.join('.*')}.*nothing was deleted`)),
        },
      },
    })
    const collector = `collector 'C' \\(${collector_id}\\)`
    const secret = `secret 'Key' \\(${secret_id}\\)`
    expect(await post(`${SECRET}/delete`, { secret_id, domain_id })).toMatchObject(
      refusal('ERROR_SECRET_IN_USE', collector, `secret group 'All' \\(${secret_group_id}\\)`),
    )
    expect(await post(`${GROUP}/delete`, { secret_group_id, domain_id })).toMatchObject(
      refusal('ERROR_SECRET_GROUP_IN_USE', collector),
    )
    expect(
      await post('/identity/v1/service-account/delete', { service_account_id, domain_id }),
    ).toMatchObject(refusal('ERROR_SERVICE_ACCOUNT_IN_USE', collector, secret))
    expect(await post('/identity/v1/project/delete', { project_id, domain_id })).toMatchObject(
      refusal(
        'ERROR_PROJECT_IN_USE',
        collector,
        secret,
        `service account 'Account' \\(${service_account_id}\\)`,
      ),
    )

    await ask('/inventory/v1/collector/delete', { collector_id, domain_id })
    await ask(`${GROUP}/delete`, { secret_group_id, domain_id })
    await ask(`${SECRET}/delete`, { secret_id, domain_id })
    await ask('/identity/v1/service-account/delete', { service_account_id, domain_id })
    await ask('/identity/v1/project/delete', { project_id, domain_id })
  })
})
