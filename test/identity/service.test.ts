import { describe, expect, test } from 'vitest'
import {
  CreateProjectRequestSchema,
  ProjectInfoSchema,
  UpdateProjectRequestSchema,
} from '../../src/gen/spaceone/api/identity/v1/project_pb.ts'
import { openServices } from '../secrets/service-support.ts'
import { givenProject } from '../secrets/support.ts'

const { ask, call, db, givenDomain, post } = await openServices()
const PROJECT = '/identity/v1/project'
const ACCOUNT = '/identity/v1/service-account'

describe('a project', () => {
  test('is created, changed, read, listed, counted and deleted', async () => {
    const domain_id = await givenDomain()
    const made = await ask(`${PROJECT}/create`, { name: 'Web', tags: { team: 'ops' }, domain_id })
    const { project_id } = made

    expect(made).toMatchObject({
      project_id: expect.stringMatching(/^project-[0-9a-f]{12}$/),
      ...{ name: 'Web', tags: { team: 'ops' }, created_by: '', domain_id },
    })
    expect(await ask(`${PROJECT}/update`, { project_id, name: 'Shop', domain_id })).toEqual({
      ...made,
      name: 'Shop',
    })
    expect(await ask(`${PROJECT}/update`, { project_id, tags: {}, domain_id })).toMatchObject({
      name: 'Shop',
      tags: {},
    })
    expect(await ask(`${PROJECT}/list`, { domain_id, name: 'Shop' })).toMatchObject({ total_count: 1 })
    const query = { distinct: 'name' }
    expect((await ask(`${PROJECT}/stat`, { domain_id, query })).results).toEqual(['Shop'])
    expect(await ask(`${PROJECT}/list-members`, { project_id, domain_id })).toEqual({
      results: [],
      total_count: 0,
    })
    await ask(`${PROJECT}/delete`, { project_id, domain_id })
    expect(await post(`${PROJECT}/get`, { project_id, domain_id })).toMatchObject({ status: 404 })
  })

  test('is the same over gRPC', async () => {
    const domainId = await givenDomain()
    const path = '/spaceone.api.identity.v1.Project'
    const made = await call(
      `${path}/create`,
      { input: CreateProjectRequestSchema, output: ProjectInfoSchema },
      { name: 'Web', tags: { a: 1 }, domainId },
    )
    const update = { input: UpdateProjectRequestSchema, output: ProjectInfoSchema }
    const { projectId = '' } = made.answer ?? {}
    const changed = await call(`${path}/update`, update, { projectId, name: 'Shop', domainId })
    expect(changed.answer).toMatchObject({ name: 'Shop', tags: { a: 1 }, domainId })
  })

  test.each<[string, string, object, number, RegExp]>([
    ['has no name', 'create', { name: ' ' }, 400, /'name'/],
    ['has a group', 'create', { name: 'Web', project_group_id: 'pg-1' }, 400, /no project groups/],
    ['is listed by a user', 'list', { user_id: 'u-1' }, 400, /no users/],
    ['is not there', 'delete', { project_id: 'project-1' }, 404, /project 'project-1' not found/],
    ['is not named', 'update', { name: 'Web' }, 400, /'project_id'/],
    [
      'gets a member',
      'add-member',
      { project_id: 'p', user_id: 'u', role_id: 'r' },
      501,
      /no users and roles/,
    ],
  ])('that %s is refused', async (_, method, body, status, message) => {
    const refused = await post(`${PROJECT}/${method}`, { ...body, domain_id: await givenDomain() })
    expect(refused).toMatchObject({ status, body: { detail: { message: expect.stringMatching(message) } } })
  })
})

describe('a service account', () => {
  test('shows its project and scope, and moves its secrets with it', async () => {
    const domain_id = await givenDomain()
    const [one, other] = [await givenProject(db, domain_id), await givenProject(db, domain_id)]
    const made = await ask(`${ACCOUNT}/create`, {
      ...{ name: 'Prod', data: { account_id: '40017' }, provider: 'acme', project_id: one, domain_id },
    })
    const { service_account_id } = made
    expect(made).toMatchObject({
      service_account_id: expect.stringMatching(/^sa-[0-9a-f]{12}$/),
      service_account_type: 'GENERAL',
      scope: 'PROJECT',
      project_info: { project_id: one, name: 'Project' },
      data: { account_id: '40017' },
    })
    const secret = { data: { a: 1 }, service_account_id, domain_id }
    const follows = await ask('/secret/v1/secret/create', { ...secret, name: 'follows' })
    const stays = await ask('/secret/v1/secret/create', { ...secret, name: 'stays', project_id: other })
    const third = await givenProject(db, domain_id)

    await ask(`${ACCOUNT}/update`, { service_account_id, project_id: third, domain_id })

    const projectOf = async ({ secret_id }: { secret_id: string }) =>
      (await ask('/secret/v1/secret/get', { secret_id, domain_id })).project_id
    expect(await projectOf(follows)).toBe(third)
    expect(await projectOf(stays)).toBe(other)
    // The path of lists and statistics is in the plural, as the contract has it.
    const list = (more: object) => ask('/identity/v1/service-accounts/list', { domain_id, ...more })
    expect(await list({ project_id: third, scope: 'PROJECT' })).toMatchObject({ total_count: 1 })
    expect(await list({ scope: 'DOMAIN' })).toMatchObject({ total_count: 0 })
    expect(await ask(`${ACCOUNT}/update`, { service_account_id, project_id: '', domain_id })).toMatchObject({
      scope: 'DOMAIN',
    })
  })

  test.each<[string, object, RegExp]>([
    ['lacks everything', { name: '', provider: '', data: undefined }, /'name'.*'data'.*'provider'/],
    ['is of another type', { service_account_type: 'TRUSTED' }, /all of them are GENERAL/],
    ['trusts another', { trusted_service_account_id: 'sa-1' }, /does not combine service accounts/],
    ['is in no project that is there', { project_id: 'project-1' }, /project 'project-1' not found/],
  ])('that %s is refused', async (_, changes, message) => {
    const body = { name: 'Prod', data: {}, provider: 'acme', domain_id: await givenDomain(), ...changes }
    const refused = await post(`${ACCOUNT}/create`, body)
    expect(refused.body).toMatchObject({ detail: { message: expect.stringMatching(message) } })
  })
})
