import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApi, type TestApi } from '../../support/api-server.ts'
import { regionService } from '../region-service.ts'

const CHECK = '/grpc.health.v1.Health/Check'
const WATCH = '/grpc.health.v1.Health/Watch'
/** HealthCheckResponse with status 1 and 2. */
const SERVING = Buffer.from([0x08, 1])
const NOT_SERVING = Buffer.from([0x08, 2])
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

test('a watcher sees the change', async () => {
  api.health.setNotServing('for the test')
  const asIs = (bytes: Buffer) => bytes
  const watch = api.grpcClient.makeServerStreamRequest(WATCH, asIs, asIs, Buffer.from(NO_NAME))
  watch.on('error', () => {})
  const seen: Buffer[] = []
  for await (const status of watch) {
    seen.push(status)
    if (seen.length === 1) api.health.setServing()
    if (seen.length === 2) break
  }
  watch.cancel()
  expect(seen).toEqual([NOT_SERVING, SERVING])
})

function named(service: string): Buffer {
  return Buffer.concat([Buffer.from([0x0a, service.length]), Buffer.from(service)])
}
