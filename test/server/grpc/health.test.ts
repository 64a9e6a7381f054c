import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApi, type TestApi } from '../../support/api-server.ts'
import { regionService } from '../region-service.ts'

const CHECK = '/grpc.health.v1.Health/Check'
const LIST = '/grpc.health.v1.Health/List'
const WATCH = '/grpc.health.v1.Health/Watch'
/** HealthCheckResponse with status 1, 2 and 3. */
const SERVING = Buffer.from([0x08, 1])
const NOT_SERVING = Buffer.from([0x08, 2])
const SERVICE_UNKNOWN = Buffer.from([0x08, 3])
const NO_NAME = new Uint8Array()
const REGION = named('spaceone.api.inventory.v1.Region')

let api: TestApi
beforeAll(async () => {
  api = await startApi([regionService().service])
})
afterAll(() => api.stop())

test('a server that is up but not ready says so on both ports', async () => {
  const check = await api.get('/check')
  expect(await api.call(CHECK, NO_NAME)).toMatchObject({ code: 0, bytes: NOT_SERVING })
  expect(await api.call(CHECK, REGION)).toMatchObject({ code: 0, bytes: NOT_SERVING })
  expect(check.status).toBe(503)
  expect(check.json()).toEqual({ status: 'NOT_SERVING', reason: 'starting' })
})

test('a ready server serves, and a server that stopped working says why', async () => {
  api.health.setServing()
  expect(await api.call(CHECK, REGION)).toMatchObject({ code: 0, bytes: SERVING })
  expect((await api.get('/check')).json()).toEqual({ status: 'SERVING' })

  api.health.setNotServing('the database does not answer')
  const check = await api.get('/check')
  expect(await api.call(CHECK, NO_NAME)).toMatchObject({ code: 0, bytes: NOT_SERVING })
  expect(check.status).toBe(503)
  expect(check.json()).toEqual({ status: 'NOT_SERVING', reason: 'the database does not answer' })
})

test('a service nobody knows is NOT_FOUND', async () => {
  expect(await api.call(CHECK, named('no.such.Service'))).toMatchObject({ code: 5 })
})

test('bytes that are no request are INVALID_ARGUMENT', async () => {
  expect(await api.call(CHECK, Buffer.from([0x0a, 9]))).toMatchObject({ code: 3 })
})

test('the services are listed with their status', async () => {
  api.health.setServing()
  const whole = entry(NO_NAME, SERVING)
  const region = entry(Buffer.from('spaceone.api.inventory.v1.Region'), SERVING)

  expect(await api.call(LIST, NO_NAME)).toMatchObject({ code: 0, bytes: Buffer.concat([whole, region]) })
})

test('who watches a service that nobody knows is told so, and not cut off', async () => {
  const watch = startWatch(named('no.such.Service'))
  for await (const status of watch) {
    expect(status).toEqual(SERVICE_UNKNOWN)
    break
  }
  watch.cancel()
})

test('a watcher sees the change', async () => {
  api.health.setNotServing('for the test')
  const watch = startWatch(NO_NAME)
  const seen: Buffer[] = []
  for await (const status of watch) {
    seen.push(status)
    if (seen.length === 1) api.health.setServing()
    if (seen.length === 2) break
  }
  watch.cancel()
  expect(seen).toEqual([NOT_SERVING, SERVING])
})

function startWatch(request: Uint8Array) {
  const asIs = (bytes: Buffer) => bytes
  const watch = api.grpcClient.makeServerStreamRequest(WATCH, asIs, asIs, Buffer.from(request))
  return watch.on('error', () => {})
}

/** An entry of a HealthListResponse: the name of a service, and a HealthCheckResponse. */
function entry(name: Uint8Array, status: Buffer): Buffer {
  const key = Buffer.concat([Buffer.from([0x0a, name.length]), name])
  const value = Buffer.concat([Buffer.from([0x12, status.length]), status])
  return Buffer.concat([Buffer.from([0x0a, key.length + value.length]), key, value])
}

function named(service: string): Buffer {
  return Buffer.concat([Buffer.from([0x0a, service.length]), Buffer.from(service)])
}
