import { expect, test } from 'vitest'
import { ServerInfo } from '../../src/gen/spaceone/api/core/v1/server_info_pb.ts'
import { Region } from '../../src/gen/spaceone/api/inventory/v1/region_pb.ts'
import {
  createHealth,
  createServer,
  implementService,
  type ServiceImplementation,
} from '../../src/server/index.ts'
import { oneDomainDatabase } from '../support/api-server.ts'
import { silentLog } from '../support/silent-log.ts'
import { regionService } from './region-service.ts'

const handle = async () => ({})

test('a server whose methods all declare a policy is created', () => {
  expect(() => serverOf(regionService().service)).not.toThrow()
})

test.each([
  ['no policy', { get: { handle } }, /Region\.get declares no access policy/],
  [
    'an unknown permission',
    { get: { handle, access: { permission: 'admin', domain: 'none' } } },
    /no access policy/,
  ],
  [
    'no domain binding',
    { get: { handle, access: { permission: 'read' } } },
    /Region\.get declares no domain binding/,
  ],
  ['a name the service does not have', { fetch: { handle } }, /Region has no method fetch/],
])('a method with %s stops the server from starting', (_what, methods, message) => {
  expect(() => serverOf(smuggled(methods))).toThrow(message)
})

test('all problems are reported at once', () => {
  expect(() => serverOf(smuggled({ get: { handle }, list: { handle } }))).toThrow(
    /Region\.get .*Region\.list /,
  )
})

test('a method without domain_id in its request cannot require a domain', () => {
  const service = implementService(ServerInfo, {
    get_version: {
      access: { permission: 'open', domain: 'required' },
      handle: async () => ({ version: '1' }),
    },
  })
  expect(() => serverOf(service)).toThrow(/ServerInfo\.get_version requires a domain/)
})

test('a service implemented twice stops the server from starting', () => {
  expect(() => serverOf(regionService().service, regionService().service)).toThrow(
    /Region is implemented twice/,
  )
})

function serverOf(...implementations: ServiceImplementation[]) {
  return createServer({
    implementations,
    db: oneDomainDatabase,
    log: silentLog,
    now: () => new Date(),
    health: createHealth(),
    config: { host: '127.0.0.1', httpPort: 0, grpcPort: 0 },
  })
}

/** What a cast, or plain JavaScript, could hand over. */
function smuggled(methods: object): ServiceImplementation {
  return { service: Region, methods: methods as ServiceImplementation['methods'] }
}
