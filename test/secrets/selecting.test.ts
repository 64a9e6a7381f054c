import { afterAll, describe, expect, test } from 'vitest'
import { NO_SELECTION, type SecretSelection, selectSecrets } from '../../src/secrets/index.ts'
import { openWorkshop } from '../jobs/support.ts'
import { givenGroup, givenSecret, givenServiceAccount } from './support.ts'

const workshop = await openWorkshop()
const { db, givenDomain } = workshop
afterAll(workshop.close)

type Changes = {
  selection?: Partial<SecretSelection>
  isPublic?: boolean
  collectorProjectId?: string
  supportedSchemas?: readonly string[]
  requestedId?: string
}

/**
 * Two secrets of one service account (one of them of another schema), one of another provider; two are in a
 * group.
 */
async function givenEstate() {
  const domainId = await givenDomain()
  const account = await givenServiceAccount(db, domainId)
  const ofAccount = { provider: 'acme', serviceAccountId: account, domainId, projectId: 'project-1' }
  const key = await givenSecret(workshop, { ...ofAccount, schema: 'acme_key' })
  const role = await givenSecret(workshop, { ...ofAccount, schema: 'acme_role', projectId: 'project-2' })
  const other = await givenSecret(workshop, { domainId, provider: 'globex' })
  const ids = { key: key.secretId, role: role.secretId, other: other.secretId }
  const group = await givenGroup(db, domainId, [ids.key, ids.other])

  async function select({ selection = {}, ...changes }: Changes) {
    const selected = await selectSecrets(db, {
      domainId,
      isPublic: true,
      collectorProjectId: '',
      supportedSchemas: [],
      requestedId: '',
      ...changes,
      selection: { ...NO_SELECTION, ...selection },
    })
    return selected.map(({ secretId }) => secretId)
  }
  return { domainId, account, group, ids, select }
}

describe('a selection', () => {
  test('selects by secret, group, provider and service account, several together as an intersection', async () => {
    const { account, group, ids, select } = await givenEstate()

    expect(await select({ selection: { secretId: ids.role } })).toEqual([ids.role])
    expect(await select({ selection: { secretGroupId: group } })).toEqual([ids.key, ids.other])
    expect(await select({ selection: { provider: 'acme' } })).toEqual([ids.key, ids.role])
    expect(await select({ selection: { serviceAccountId: account } })).toEqual([ids.key, ids.role])
    expect(await select({ selection: { secretGroupId: group, provider: 'acme' } })).toEqual([ids.key])
    expect(await select({ selection: { secretGroupId: group, serviceAccountId: account } })).toEqual([
      ids.key,
    ])
  })

  test('brings provider, service account and project of each secret', async () => {
    const { domainId, account, ids } = await givenEstate()
    const selection = { ...NO_SELECTION, secretId: ids.key }
    const rest = { isPublic: true, collectorProjectId: '', supportedSchemas: [], requestedId: '' }
    expect(await selectSecrets(db, { domainId, selection, ...rest })).toEqual([
      { secretId: ids.key, provider: 'acme', serviceAccountId: account, projectId: 'project-1' },
    ])
  })

  test('sees nothing of other domains', async () => {
    const { ids, select } = await givenEstate()
    const foreign = await givenEstate()
    await expect(select({ selection: { secretId: foreign.ids.key } })).rejects.toThrow(
      /there is none like that/,
    )
    expect(await select({ selection: { provider: 'globex' } })).toEqual([ids.other])
  })

  test('of a private collector is limited to its project, of a plugin to the schemas it supports', async () => {
    const { ids, select } = await givenEstate()
    const selection = { provider: 'acme' }
    expect(await select({ selection, isPublic: false, collectorProjectId: 'project-2' })).toEqual([ids.role])
    expect(await select({ selection, supportedSchemas: ['acme_key'] })).toEqual([ids.key])
    // A secret without a schema claims nothing.
    expect(await select({ selection: { provider: 'globex' }, supportedSchemas: ['acme_key'] })).toEqual([
      ids.other,
    ])
  })

  test('is narrowed to the secret that the request names', async () => {
    const { ids, select } = await givenEstate()
    expect(await select({ selection: { provider: 'acme' }, requestedId: ids.role })).toEqual([ids.role])
  })
})

describe('what cannot be selected', () => {
  test('no selector for a plugin that needs none is one run without a secret', async () => {
    const { select } = await givenEstate()
    expect(await select({})).toEqual([''])
  })

  test('no selector for a plugin that needs a secret is the caller’s mistake', async () => {
    const { select } = await givenEstate()
    await expect(select({ supportedSchemas: ['acme_key', 'acme_role'] })).rejects.toMatchObject({
      kind: 'invalid',
      code: 'ERROR_INVALID_PARAMETER',
      message: expect.stringMatching(/acme_key or acme_role.*secret_group_id/),
    })
  })

  test.each<[string, Changes, RegExp]>([
    [
      'nothing is like that',
      { selection: { provider: 'none' } },
      /provider 'none' selects no secret: there is none/,
    ],
    [
      'all of it is in other projects',
      { selection: { provider: 'acme' }, isPublic: false, collectorProjectId: 'project-9' },
      /of 2 like that, 2 belong to other projects than the collector's 'project-9'\./,
    ],
    [
      'all of it has other schemas or projects',
      {
        selection: { provider: 'acme' },
        isPublic: false,
        collectorProjectId: 'project-1',
        supportedSchemas: ['acme_user'],
      },
      /of 2 like that, 1 belong.*, 1 have another schema than the plugin's acme_user\./,
    ],
  ])('is a failed precondition that says why when %s', async (_, changes, message) => {
    const { select } = await givenEstate()
    await expect(select(changes)).rejects.toMatchObject({
      kind: 'failed_precondition',
      code: 'ERROR_NO_SECRET',
      message: expect.stringMatching(message),
    })
  })

  test('a requested secret outside the selection is the caller’s mistake, with the reason', async () => {
    const { ids, select } = await givenEstate()
    const acme = { selection: { provider: 'acme' } }
    for (const [changes, message] of [
      [{ ...acme, requestedId: ids.other }, /plugin_info.provider 'acme' does not select it/],
      [
        { ...acme, requestedId: ids.role, supportedSchemas: ['acme_key'] },
        /its schema is none of .*acme_key/,
      ],
      [
        { ...acme, requestedId: ids.role, isPublic: false, collectorProjectId: 'project-1' },
        /another project than the collector's 'project-1'/,
      ],
      [{ requestedId: ids.key }, /uses no secret/],
    ] as const) {
      await expect(select(changes)).rejects.toMatchObject({
        kind: 'invalid',
        message: expect.stringMatching(message),
      })
    }
  })
})
