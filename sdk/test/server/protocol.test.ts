import { once } from 'node:events'
import http2 from 'node:http2'
import { status } from '@grpc/grpc-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ResourceInfo_State as State } from '../../src/gen/spaceone/api/inventory/plugin/collector_pb.ts'
import { type PluginProcess, startPlugin } from '../../src/testing/start-plugin.ts'
import { MOODY_PLUGIN, SAMPLE_PLUGIN } from '../support/paths.ts'
import { encodeCollect, PluginClient } from '../support/plugin-client.ts'
import { until } from '../support/until.ts'

const SECRET = { token: 'hunter2-hunter2' }

let acme: PluginProcess
let moody: PluginProcess
let acmeClient: PluginClient
let moodyClient: PluginClient

beforeAll(async () => {
  acme = await startPlugin(SAMPLE_PLUGIN)
  moody = await startPlugin(MOODY_PLUGIN)
  acmeClient = new PluginClient(acme.port)
  moodyClient = new PluginClient(moody.port)
})

afterAll(async () => {
  acmeClient.close()
  moodyClient.close()
  await Promise.all([acme.stop(), moody.stop()])
})

describe('init', () => {
  test('answers the metadata of the public protocol', async () => {
    const { metadata } = await acmeClient.init({ options: {} })
    expect(metadata).toMatchObject({
      filter_format: [{ key: 'region', name: 'Region', type: 'list', resource_type: 'CUSTOM' }],
      supported_resource_type: ['inventory.CloudService', 'inventory.CloudServiceType', 'inventory.Region'],
      supported_features: ['garbage_collection'],
      supported_schedules: ['hours', 'interval'],
      options_schema: { type: 'object', additionalProperties: false },
      plugin: { name: 'acme', version: '0.1.0', provider: 'acme' },
    })
  })

  test('accepts a request without options', async () => {
    await expect(acmeClient.init()).resolves.toBeDefined()
  })

  test('refuses options that do not fit, and names every one', async () => {
    const options = { count: -1, regions: 'north-1', colour: 'red' }
    await expect(acmeClient.init({ options })).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringMatching(
        /^ERROR_INVALID_PARAMETER: options\.count must be at least 0; options\.regions must be an array, but is a string; options\.colour is unknown/,
      ),
    })
  })
})

describe('verify', () => {
  test('passes where the plugin finds nothing wrong', async () => {
    await expect(acmeClient.verify({ options: {}, secretData: { token: 'good' } })).resolves.toBeDefined()
  })

  test("fails with the plugin's own code and status", async () => {
    await expect(acmeClient.verify({ secretData: { token: 'expired' } })).rejects.toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: expect.stringMatching(/^ERROR_AUTHENTICATE_FAILURE: the token is not accepted/),
    })
  })

  test('names what the secret lacks before the plugin sees it', async () => {
    await expect(moodyClient.verify()).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: 'ERROR_INVALID_PARAMETER: secret_data.token is required',
    })
  })

  test('an unexpected error leaves its message to the caller and its stack to the log', async () => {
    await expect(moodyClient.verify({ secretData: SECRET })).rejects.toMatchObject({
      code: status.INTERNAL,
      details: 'ERROR_PLUGIN_FAILED: verify fell over its own feet',
    })
    await until(() => moody.stderr().includes('test/fixtures/moody.ts'))
  })
})

describe('get_tasks', () => {
  test('returns what the plugin splits its work into', async () => {
    const { tasks } = await acmeClient.getTasks({ options: { split: true } })
    expect(tasks.map((task) => task.taskOptions)).toEqual([{ region: 'north-1' }, { region: 'south-1' }])
  })

  test('is UNIMPLEMENTED where the plugin does not split', async () => {
    await expect(moodyClient.getTasks()).rejects.toMatchObject({ code: status.UNIMPLEMENTED })
  })
})

describe('collect', () => {
  test('sends the resource types first, each region before its first resource, and match rules with all', async () => {
    const { messages, error } = await acmeClient.collect({ options: { count: 50 } })
    expect(error).toBeUndefined()
    expect(messages.slice(0, 4).map(({ resourceType }) => resourceType)).toEqual([
      'inventory.CloudServiceType',
      'inventory.CloudServiceType',
      'inventory.CloudServiceType',
      'inventory.Region',
    ])
    const services = messages.filter(({ resourceType }) => resourceType === 'inventory.CloudService')
    expect(services).toHaveLength(50)
    expect(messages.every(({ state, matchRules }) => state === State.SUCCESS && matchRules?.['1'])).toBe(true)
    expect(messages[0]?.resource).toEqual({
      name: 'Server',
      group: 'Compute',
      provider: 'acme',
      is_primary: true,
      is_major: true,
      service_code: 'AcmeCompute',
      labels: ['Compute'],
      tags: { 'spaceone:icon': 'https://console.acme.example/server.svg' },
      resource_type: 'inventory.CloudService',
      metadata: {},
    })
    expect(services[0]).toMatchObject({
      matchRules: {
        1: ['reference.resource_id', 'provider', 'cloud_service_type', 'cloud_service_group', 'account'],
      },
      resource: {
        provider: 'acme',
        account: '40017',
        region_code: 'north-1',
        reference: { resource_id: expect.stringMatching(/^acme:north-1:/) },
      },
    })
  })

  test('restricts itself to a task and to a filter', async () => {
    const options = { count: 20 }
    const byTask = await acmeClient.collect({ options, taskOptions: { region: 'north-1' } })
    const byFilter = await acmeClient.collect({ options, filter: { region: ['north-1'] } })
    expect(byTask.bytes.equals(byFilter.bytes)).toBe(true)
    expect(
      byTask.messages.filter(({ resourceType }) => resourceType === 'inventory.CloudService'),
    ).toHaveLength(10)
  })

  test('a region that fails is named for each type, and the others go on', async () => {
    const { messages, error } = await acmeClient.collect({ options: { count: 20, fail_region: 'south-1' } })
    const failures = messages.filter(({ state }) => state === State.FAILURE)
    expect(error).toBeUndefined()
    expect(failures.map(({ resource }) => [resource?.cloud_service_type, resource?.region_code])).toEqual([
      ['Server', 'south-1'],
      ['Bucket', 'south-1'],
      ['Subnet', 'south-1'],
    ])
    expect(messages).toHaveLength(3 + 3 + 1 + 10)
  })

  test('only the churning share differs between two generations', async () => {
    const run = (generation: number) =>
      acmeClient.collect({ options: { count: 200, churn: 0.1, generation } })
    const [first, second] = await Promise.all([run(1), run(2)])
    const changed = first.messages.filter(
      (message, index) => JSON.stringify(message) !== JSON.stringify(second.messages[index]),
    )
    expect(changed.length).toBeGreaterThan(5)
    expect(changed.length).toBeLessThan(50)
  })

  test('a partial failure becomes an ErrorResource that names provider, group, type, account and region', async () => {
    const { messages } = await moodyClient.collect({ options: { mode: 'partial' }, secretData: SECRET })
    const [failure] = messages.filter(({ state }) => state === State.FAILURE)
    expect(failure).toMatchObject({
      resourceType: 'inventory.ErrorResource',
      message: 'ERROR_COLLECT_RESOURCE: token [secret] may not list',
      resource: {
        provider: 'moody',
        cloud_service_group: 'Things',
        cloud_service_type: 'Thing',
        account: 'acc-1',
        region_code: 'r-1',
        resource_type: 'inventory.CloudService',
      },
    })
    expect(messages.at(-1)?.resource?.reference).toEqual({ resource_id: 'last' })
  })

  test('a resource that cannot be written is reported with its path, and the stream goes on', async () => {
    const { messages, error } = await moodyClient.collect({ options: { mode: 'odd' }, secretData: SECRET })
    const failures = messages.filter(({ state }) => state === State.FAILURE)
    expect(error).toBeUndefined()
    expect(failures.map(({ message, resource }) => [message, resource?.resource_id])).toEqual([
      [
        'ERROR_RESOURCE_INVALID: a resource was not sent: data.deep.ratio is NaN, which JSON cannot hold',
        'not-a-number',
      ],
      ['ERROR_RESOURCE_INVALID: a resource was not sent: resourceId must be a text that is not empty', ''],
    ])
    expect(messages.at(-1)?.resource?.reference).toEqual({ resource_id: 'last' })
  })

  test.each([
    ['throw', status.INTERNAL, 'ERROR_PLUGIN_FAILED: GET https://api.example/?token=[secret] was refused'],
    ['refuse', status.RESOURCE_EXHAUSTED, 'ERROR_QUOTA: too many calls'],
    ['offline', status.UNAVAILABLE, 'ERROR_PLUGIN_FAILED: connect ECONNREFUSED'],
  ])('mode %s delivers what came before and ends with its status', async (mode, code, details) => {
    const { messages, error } = await moodyClient.collect({ options: { mode }, secretData: SECRET })
    expect(messages).toHaveLength(2)
    expect(error).toMatchObject({ code, details })
  })

  test('a request that is no message is INVALID_ARGUMENT', async () => {
    const { error } = await acmeClient.malformedCollect()
    expect(error).toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringMatching(/^ERROR_INVALID_PARAMETER: the request is no valid message/),
    })
  })

  test.each(['flood', 'wait'])('a caller that cancels in mode %s makes the finally run', async (mode) => {
    const closedBefore = closings()
    const { error } = await moodyClient.collect(
      { options: { mode }, secretData: SECRET },
      {},
      (count, cancel) => {
        if (count === 2) cancel()
      },
    )
    expect(error).toMatchObject({ code: status.CANCELLED })
    await until(() => closings() > closedBefore)
  })

  test.each(['flood', 'wait'])('a deadline that passes in mode %s makes the finally run', async (mode) => {
    const closedBefore = closings()
    // Again with a later one, where a busy machine has let it pass before the plugin began.
    for (let ms = 300, begun = false; !begun; ms *= 2) {
      const deadline = Date.now() + ms
      const { error, messages } = await moodyClient.collect(
        { options: { mode }, secretData: SECRET },
        { deadline },
      )
      expect(error).toMatchObject({ code: status.DEADLINE_EXCEEDED })
      begun = messages.length > 0
    }
    await until(() => closings() > closedBefore)
  })

  test('a deadline that passes while the caller reads nothing makes the finally run', async () => {
    const closedBefore = closings()
    const session = http2.connect(`http://127.0.0.1:${moody.port}`)
    let begun = false
    for (let ms = 300; !begun; ms *= 2) {
      const stream = session.request({
        ':method': 'POST',
        ':path': '/spaceone.api.inventory.plugin.Collector/collect',
        'content-type': 'application/grpc',
        'grpc-timeout': `${ms}m`,
        te: 'trailers',
      })
      stream.end(framed(encodeCollect({ options: { mode: 'flood' }, secretData: SECRET })))
      // Its headers come with the first message; without one they are the end.
      const [headers] = await once(stream, 'response')
      begun = headers['grpc-status'] === undefined
    }
    await until(() => closings() > closedBefore)
    session.destroy()
  })

  test('a plugin that is deaf to its signal does not hold the call', async () => {
    const deadline = Date.now() + 300
    const { error } = await moodyClient.collect(
      { options: { mode: 'deaf' }, secretData: SECRET },
      { deadline },
    )
    expect(error).toMatchObject({ code: status.DEADLINE_EXCEEDED })
  })

  test('what is printed goes to the log as JSON lines, without the secret', async () => {
    await moodyClient.collect({ options: { mode: 'print' }, secretData: SECRET })
    await until(() => moody.stderr().includes('opened with [secret]'))
    expect(moody.stdout).toHaveLength(1)
    expect(moody.stderr()).toContain('a library prints this 15')
    expect(moody.stderr()).not.toContain(SECRET.token)
    for (const line of moody.stderr().trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow()
  })
})

test('two processes send the same bytes', async () => {
  const twin = await startPlugin(SAMPLE_PLUGIN)
  const twinClient = new PluginClient(twin.port)
  const options = { count: 3000, regions: ['north-1', 'south-1', 'west-9'], seed: 42 }
  const [one, other] = await Promise.all([acmeClient.collect({ options }), twinClient.collect({ options })])
  twinClient.close()
  await twin.stop()
  expect(one.messages.length).toBe(3 + 3 + 3000)
  expect(one.bytes.equals(other.bytes)).toBe(true)
})

test('the health service says SERVING for the process and its services', async () => {
  await expect(acmeClient.health('')).resolves.toBe(1)
  await expect(acmeClient.health('spaceone.api.inventory.plugin.Job')).resolves.toBe(1)
  await expect(moodyClient.health('spaceone.api.inventory.plugin.Job')).rejects.toMatchObject({
    code: status.NOT_FOUND,
  })
})

function closings(): number {
  return moody.stderr().split('moody closed').length
}

/** A message with the prefix that gRPC puts before it. */
function framed(message: Buffer): Buffer {
  const prefix = Buffer.alloc(5)
  prefix.writeUInt32BE(message.length, 1)
  return Buffer.concat([prefix, message])
}
