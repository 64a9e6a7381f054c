import { once } from 'node:events'
import { createServer } from 'node:http'
import { definePlugin } from '@gleaner/sdk'
import { expect, onTestFinished, test } from 'vitest'
import { collect, scopes } from '../../../plugins/aws/src/collect.ts'
import { OPTIONS, SECRET as SECRET_SCHEMA } from '../../../plugins/aws/src/options.ts'
import { REGIONS } from '../../../plugins/aws/src/regions.ts'
import { RESOURCE_TYPES } from '../../../plugins/aws/src/resource-types.ts'
import { ACCOUNT, SECRET } from '../../../plugins/aws/test/support.ts'
import { Limiters } from '../../../sdk/src/calls/limiters.ts'
import { createNetwork } from '../../../sdk/src/calls/network.ts'
import { ActiveWork } from '../../../sdk/src/server/active-work.ts'
import { streamCollect } from '../../../sdk/src/server/stream-collect.ts'

const IDENTITY = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
  <Arn>arn:aws:iam::${ACCOUNT}:user/reader</Arn><UserId>AIDA</UserId><Account>${ACCOUNT}</Account>
</GetCallerIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>`

const ONE_REGION = `<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId><regionInfo><item>
  <regionName>eu-central-1</regionName><regionEndpoint>ec2</regionEndpoint><optInStatus>opt-in-not-required</optInStatus>
</item></regionInfo></DescribeRegionsResponse>`

/** What answers who asks and which regions there are, and never closes a connection. */
async function givenAws() {
  const server = createServer({ keepAliveTimeout: 3_600_000 }, async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    response.writeHead(200, { 'content-type': 'text/xml' })
    response.end(body.includes('DescribeRegions') ? ONE_REGION : IDENTITY)
  })
  let open = 0
  server.on('connection', (socket) => {
    open++
    socket.on('close', () => open--)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  return { url: `http://127.0.0.1:${port}`, openConnections: () => open }
}

test('a caller who leaves while scopes are told leaves no connection to AWS behind', async () => {
  const aws = await givenAws()
  const plugin = definePlugin({
    name: 'aws',
    version: '1.0.0',
    provider: 'aws',
    options: OPTIONS,
    secret: SECRET_SCHEMA,
    resourceTypes: RESOURCE_TYPES,
    regions: REGIONS,
    scopes,
    collect,
  })
  const network = createNetwork({ level: 'private', allow: [] })
  const leaving = new AbortController()
  const told = Promise.withResolvers<string>()
  const request = {
    options: { endpoint: aws.url, wide: false },
    secretData: SECRET,
    filter: {},
    taskOptions: {},
  }
  const streaming = streamCollect(plugin, {
    request: { ...request, known: [], measured: [] },
    signal: leaving.signal,
    redact: (text) => text,
    // A reader who takes the first scope and no more.
    sink: {
      resource: () => {},
      news: told.resolve,
      whenReady: () => new Promise<void>(() => {}),
      end: () => {},
    },
    ways: { limiters: new Limiters(), network, transport: network.connect({}) },
    active: new ActiveWork(),
  })
  expect(await Promise.race([told.promise, streaming])).toBe('opened')
  expect(aws.openConnections()).toBeGreaterThan(0)

  leaving.abort()
  await expect(streaming).rejects.toThrow()
  await expect.poll(aws.openConnections, { timeout: 60_000 }).toBe(0)
})
