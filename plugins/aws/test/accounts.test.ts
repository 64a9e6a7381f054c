import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2'
import {
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { type PluginProcess, startPlugin } from '@gleaner/sdk/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWithMoto } from '../../../test/support/describe-with-moto.ts'
import { type FaultProxy, startFaultProxy } from '../../../test/support/fault-proxy.ts'
import { ACCOUNT, clientOf, collectAll, PLUGIN, SECRET, tasksOf, verifyProblem } from './support.ts'

const REGION = 'eu-central-1'
const ROLE = 'OrganizationAccountAccessRole'

describeWithMoto('accounts', (moto) => {
  let plugin: PluginProcess
  let proxy: FaultProxy
  let unit = ''
  let shop = ''
  let lab = ''
  beforeAll(async () => {
    plugin = await startPlugin(PLUGIN)
    proxy = await startFaultProxy(moto.url)
    const client = new OrganizationsClient(clientOf(moto.url, 'us-east-1'))
    await client.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }))
    const { Roots: [root] = [] } = await client.send(new ListRootsCommand({}))
    const ParentId = root?.Id
    const made = await client.send(new CreateOrganizationalUnitCommand({ ParentId, Name: 'labs' }))
    unit = made.OrganizationalUnit?.Id ?? ''
    const account = async (AccountName: string) => {
      const { CreateAccountStatus } = await client.send(
        new CreateAccountCommand({ AccountName, Email: `${AccountName}@acme.example` }),
      )
      return CreateAccountStatus?.AccountId ?? ''
    }
    shop = await account('shop')
    lab = await account('lab')
    await client.send(
      new MoveAccountCommand({ AccountId: lab, SourceParentId: ParentId, DestinationParentId: unit }),
    )
    for (const each of [shop, lab]) await runInstanceIn(each)
  })
  afterAll(async () => {
    await plugin.stop()
    await proxy.stop()
  })

  async function runInstanceIn(account: string): Promise<void> {
    const { Credentials: given } = await new STSClient(clientOf(moto.url, REGION)).send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/${ROLE}`, RoleSessionName: 'test' }),
    )
    const credentials = {
      accessKeyId: given?.AccessKeyId ?? '',
      secretAccessKey: given?.SecretAccessKey ?? '',
      sessionToken: given?.SessionToken ?? '',
    }
    await new EC2Client({ ...clientOf(moto.url, REGION), credentials }).send(
      new RunInstancesCommand({ ImageId: 'ami-12345678', MinCount: 1, MaxCount: 1 }),
    )
  }
  const optionsWith = (options: object) => ({
    endpoint: proxy.url,
    regions: [REGION],
    services: ['ec2'],
    ...options,
  })

  test('an organization is one task for each account and group of regions', async () => {
    proxy.setRule(() => undefined)
    const tasks = await tasksOf(plugin, { options: optionsWith({ organization: true, region_groups: 2 }) })
    expect(tasks).toEqual(
      [ACCOUNT, shop, lab]
        .toSorted()
        .flatMap((account) => [0, 1].map((group) => ({ account, group, groups: 2 }))),
    )
  })

  test('a task sees its account alone, by the role in it', async () => {
    const options = optionsWith({ organization: true })
    const { failures, ofType } = await collectAll(plugin, {
      options,
      taskOptions: { account: shop, group: 0, groups: 1 },
    })
    expect(failures).toEqual([])
    expect(ofType('EC2', 'Instance').map(({ account }) => account)).toEqual([shop])
  })

  test('the groups of regions together are all regions, each once', async () => {
    const options = { endpoint: proxy.url, services: ['ec2', 's3', 'iam'] }
    proxy.setRule(() => undefined)
    const regions = new Map<string, number>()
    for (const group of [0, 1, 2]) {
      const { services } = await collectAll(plugin, { options, taskOptions: { group, groups: 3 } })
      for (const region of new Set(services.map((each) => String(each.region_code))))
        regions.set(region, (regions.get(region) ?? 0) + 1)
    }
    expect(regions.size).toBeGreaterThan(10)
    expect(new Set(regions.values())).toEqual(new Set([1]))
    const asked = proxy.calls.filter(
      ({ action }) => action === 'ListBuckets' || action === 'GetAccountAuthorizationDetails',
    )
    expect(asked.filter(({ action }) => action === 'GetAccountAuthorizationDetails')).toHaveLength(4)
  })

  test('a unit that cannot be listed is an error of its own, and the rest is found', async () => {
    proxy.setRule(({ action, body }) =>
      action === 'ListAccountsForParent' && body.includes(unit)
        ? { status: 400, code: 'AccessDeniedException', message: 'You do not have permissions' }
        : undefined,
    )
    const options = optionsWith({ organization: true })
    const tasks = await tasksOf(plugin, { options })
    expect(tasks.map(({ account }) => account)).toEqual([...[ACCOUNT, shop].toSorted(), undefined])
    const { failures, services } = await collectAll(plugin, { options, taskOptions: tasks.at(-1) ?? {} })
    expect(services).toEqual([])
    expect(failures).toEqual([
      expect.objectContaining({
        kind: '/',
        message: expect.stringContaining(`ERROR_ACCESS_DENIED: organisational unit ${unit}`),
      }),
    ])
  })

  test('an account that lets nobody in is an error that names it', async () => {
    proxy.setRule(({ action, body }) =>
      action === 'AssumeRole' && body.includes(lab)
        ? {
            status: 403,
            code: 'AccessDenied',
            message: 'is not authorized to perform: sts:AssumeRole on resource: x',
          }
        : undefined,
    )
    const options = optionsWith({ accounts: [shop, lab] })
    const { error, failures } = await collectAll(plugin, {
      options,
      taskOptions: { account: lab, group: 0, groups: 1 },
    })
    expect(error).toBeUndefined()
    expect(failures).toEqual([
      expect.objectContaining({
        account: lab,
        message: expect.stringContaining("the permission 'sts:AssumeRole' is missing"),
      }),
    ])
    expect(await verifyProblem(plugin, { options })).toContain(
      `assuming role 'arn:aws:iam::${lab}:role/${ROLE}'`,
    )
  })

  test('verify names every permission that is missing at once, and apart from them what a policy forbids', async () => {
    proxy.setRule(({ action }) => {
      if (!['DescribeVolumes', 'DescribeImages', 'DescribeAddresses'].includes(action)) return undefined
      const isForbidden = action === 'DescribeAddresses'
      const why = isForbidden ? ' with an explicit deny in a service control policy' : ''
      return {
        status: 403,
        code: 'UnauthorizedOperation',
        message: `You are not authorized to perform this operation${why}.`,
      }
    })
    expect(await verifyProblem(plugin, { options: optionsWith({}) })).toContain(
      'ERROR_PERMISSIONS_MISSING: arn:aws:sts::123456789012:user/moto may not ec2:DescribeImages, ec2:DescribeVolumes; an explicit deny in a service control policy forbids arn:aws:sts::123456789012:user/moto ec2:DescribeAddresses',
    )
    proxy.setRule(() => undefined)
    expect(await verifyProblem(plugin, { options: optionsWith({}) })).toBeUndefined()
  })

  test('a chain of roles is followed with its external ids, and renewed at half of its life', async () => {
    proxy.setRule(({ action }) =>
      action === 'AssumeRole'
        ? { change: expiringIn(2_000) }
        : action === 'DescribeInstances'
          ? { delayMs: 1_500 }
          : undefined,
    )
    const secretData = {
      ...SECRET,
      role_arn: `arn:aws:iam::${ACCOUNT}:role/first`,
      external_id: 'one',
      roles: [{ role_arn: `arn:aws:iam::${shop}:role/second`, external_id: 'two' }],
    }
    const { error, failures, ofType } = await collectAll(plugin, {
      options: optionsWith({ concurrency: 1 }),
      secretData,
    })
    expect([error, failures]).toEqual([undefined, []])
    expect(ofType('EC2', 'Instance').map(({ account }) => account)).toEqual([shop])
    const assumed = proxy.calls
      .filter(({ action }) => action === 'AssumeRole')
      .map(({ body }) => new URLSearchParams(body))
    expect(
      assumed.slice(0, 2).map((body) => [body.get('RoleArn')?.split('/')[1], body.get('ExternalId')]),
    ).toEqual([
      ['first', 'one'],
      ['second', 'two'],
    ])
    expect(assumed.length).toBeGreaterThan(2)
  })

  test('a web identity token opens a role, and a profile of the worker its key', async () => {
    proxy.setRule(() => undefined)
    const byToken = await collectAll(plugin, {
      options: optionsWith({}),
      secretData: { web_identity_token: 'x.y.z', web_identity_role_arn: `arn:aws:iam::${lab}:role/${ROLE}` },
    })
    expect([byToken.error, byToken.failures]).toEqual([undefined, []])
    expect(byToken.ofType('EC2', 'Instance').map(({ account }) => account)).toEqual([lab])

    const folder = await mkdtemp(join(tmpdir(), 'gleaner-profile-'))
    const file = join(folder, 'credentials')
    writeFileSync(file, `[shop]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = s\n`)
    const byProfile = await collectAll(plugin, {
      options: optionsWith({}),
      secretData: { profile: 'shop', shared_credentials_file: file, shared_config_file: file },
    })
    await rm(folder, { recursive: true })
    expect(byProfile.error).toBeUndefined()
    expect(proxy.calls.some(({ accessKeyId }) => accessKeyId === 'AKIAPROFILE')).toBe(true)
    const none = await collectAll(plugin, { options: optionsWith({}), secretData: {} })
    expect(none.error).toContain('secret_data must have exactly one of')
  })
})

/** The answer of STS with another end of what it gives. */
function expiringIn(ms: number) {
  return (body: string) =>
    body.replace(/<Expiration>[^<]*</, `<Expiration>${new Date(Date.now() + ms).toISOString()}<`)
}
