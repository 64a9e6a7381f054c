/**
 * The deep path against moto: 5,000 instances and 20,000 other resources in 4 regions of 3 accounts, collected twice by one process.
 * `node plugins/aws/bench/deep.ts`; prints a JSON line for each figure. Half of the others are volumes and interfaces of the instances.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { CreateVolumeCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { type PluginProcess, startPlugin } from '@gleaner/sdk/testing'
import { prepareMoto, startMoto } from '../../../test/support/moto.ts'
import { clientOf, collectAll, PLUGIN, SECRET } from '../test/support.ts'

const INSTANCES = 5_000
const VOLUMES = 10_000
const REGIONS = ['eu-central-1', 'eu-west-1', 'us-east-1', 'us-west-2']
const ACCOUNTS = ['111111111111', '222222222222', '333333333333']
const ROLE = 'OrganizationAccountAccessRole'

const python = prepareMoto()
if ('missing' in python) throw new Error(python.missing)
const [moto, plugin] = await Promise.all([startMoto(python.python), startPlugin(PLUGIN)])
await fill(moto.url)
const first = await collected(plugin)
const second = await collected(plugin)
print('resources', first.count, 'resources')
print('errors', first.failures + second.failures, 'errors')
print('first collect', first.seconds, 's')
print('second collect', second.seconds, 's')
print(
  'changed at the second',
  [...first.hashes].filter((hash) => !second.hashes.has(hash)).length,
  'resources',
)
print('most memory of the plugin', highestMb(plugin), 'MiB')
await plugin.stop()
await moto.stop()

async function fill(url: string): Promise<void> {
  const places = ACCOUNTS.flatMap((account) => REGIONS.map((region) => ({ account, region })))
  for (const { account, region } of places) {
    const client = new EC2Client({ ...clientOf(url, region), credentials: await credentialsIn(url, account) })
    let left = Math.ceil(INSTANCES / places.length)
    for (; left > 0; left -= 100)
      await client.send(
        new RunInstancesCommand({
          ImageId: 'ami-12345678',
          MinCount: Math.min(100, left),
          MaxCount: Math.min(100, left),
        }),
      )
    const volume = () => client.send(new CreateVolumeCommand({ AvailabilityZone: `${region}a`, Size: 8 }))
    for (let made = 0; made < VOLUMES / places.length; made += 20)
      await Promise.all(Array.from({ length: 20 }, volume))
  }
}

async function credentialsIn(url: string, account: string) {
  const { Credentials: given } = await new STSClient(clientOf(url)).send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/${ROLE}`, RoleSessionName: 'bench' }),
  )
  return {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  }
}

async function collected(from: PluginProcess) {
  const startedAt = performance.now()
  const options = { endpoint: moto.url, regions: [...REGIONS, 'global'], wide: false, accounts: ACCOUNTS }
  const hashes = new Set<string>()
  let failures = 0
  for (const account of ACCOUNTS) {
    const result = await collectAll(from, {
      options,
      secretData: SECRET,
      taskOptions: { account, group: 0, groups: 1 },
    })
    failures += result.failures.length + (result.error === undefined ? 0 : 1)
    for (const each of result.services)
      hashes.add(createHash('sha256').update(JSON.stringify(each)).digest('base64'))
  }
  return { hashes, failures, count: hashes.size, seconds: (performance.now() - startedAt) / 1_000 }
}

function highestMb({ child }: PluginProcess): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024)
}

function print(name: string, value: number, unit: string): void {
  process.stdout.write(`${JSON.stringify({ name: `aws deep: ${name}`, value, unit })}\n`)
}
