import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CollectInput, collectFrom, type PluginProcess, startPlugin } from '@gleaner/sdk/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { verifyProblem } from '../../../test/support/verify-problem.ts'
import { ANSWERS, NEEDLE } from './answers.ts'
import { startEngine } from './engine.ts'

const folder = mkdtempSync(join(tmpdir(), 'gleaner-engine-'))
let engine: Awaited<ReturnType<typeof startEngine>>
let plugin: PluginProcess

beforeAll(async () => {
  engine = await startEngine(join(folder, 'docker.sock'))
  plugin = await startPlugin(join(import.meta.dirname, '../src/plugin.ts'))
})
afterAll(async () => {
  await plugin.stop()
  engine.stop()
  rmSync(folder, { recursive: true })
})
beforeEach(() => {
  engine.state.answers = structuredClone(ANSWERS)
  engine.state.refused = ''
  engine.state.denied = []
})

async function collected(input: CollectInput = {}) {
  const { bytes, error, resources } = await collectFrom(plugin.port, {
    ...input,
    options: { engine: engine.address, ...input.options },
  })
  const services = resources.filter(({ resourceType }) => resourceType === 'inventory.CloudService')
  return {
    ...{ bytes, error: error?.details },
    failures: resources.filter(({ state }) => state === 5).map(({ resource }) => resource.cloud_service_type),
    names: services.map(({ resource }) => `${resource.cloud_service_type} ${resource.name}`).toSorted(),
    named: (name: string) => services.map(({ resource }) => resource).find((each) => each.name === name),
  }
}

test('an engine, its containers, images, networks and volumes are found, and what they have to do with each other', async () => {
  const { error, named, names } = await collected()
  expect(error).toBeUndefined()
  expect(names).toEqual(['Container web', 'Engine build-1', 'Image web:1', 'Network front', 'Volume data'])
  expect(named('web')).toMatchObject({
    account: 'ENGINE:1',
    instance_type: 'web:1',
    ip_addresses: ['172.18.0.2'],
    tags: { team: 'shop' },
    data: {
      state: 'running',
      ports: ['127.0.0.1:8080->80/tcp'],
      mounts: [{ path: '/var/lib', source: 'data', is_writable: true, type: 'volume' }],
      relations: [
        { name: 'attached_to', resource_id: 'net-1', type: 'network' },
        { name: 'created_from', resource_id: 'sha256:1', type: 'image' },
        { name: 'mounts', resource_id: 'data', type: 'volume' },
      ],
    },
  })
})

test('variables are named without their values, and no password leaves', async () => {
  const { bytes, named } = await collected()
  expect(named('web')).toMatchObject({ data: { environment: ['DB_PASSWORD', 'MODE'] } })
  expect(named('data')).toMatchObject({ data: { options: { o: 'username=me,password=(sensitive)' } } })
  expect(bytes.includes(NEEDLE)).toBe(false)
})

test('a container that only went on running is no change', async () => {
  const before = await collected()
  const path = '/containers/c1/json'
  const state = { Status: 'running', StartedAt: 'later', Pid: 7, Health: { FailingStreak: 3 } }
  const { answers } = engine.state
  answers[path] = { ...Object(answers[path]), State: state, RestartCount: 9 }
  answers['/info'] = { ...Object(answers['/info']), ContainersRunning: 9, NGoroutines: 99 }
  expect((await collected()).bytes.equals(before.bytes)).toBe(true)
})

test('a container that goes while it is read is left out, and a list that fails costs its kind', async () => {
  delete engine.state.answers['/containers/c1/json']
  engine.state.refused = '/networks'
  const { failures, names } = await collected()
  expect(failures).toEqual(['Network'])
  expect(names).toEqual(['Engine build-1', 'Image web:1', 'Volume data'])
})

test('verify names everything that a proxy before the engine refuses, at once', async () => {
  const problem = () => verifyProblem(plugin.port, { options: { engine: engine.address } })
  expect(await problem()).toBeUndefined()
  engine.state.denied = ['/images/json', '/volumes', '/containers/c1/json']
  expect(await problem()).toContain('refuses GET /images/json, GET /volumes, GET /containers/{id}/json;')
})

test.each([
  ['unix:///nowhere/docker.sock', 'ERROR_ENGINE: there is no socket /nowhere/docker.sock'],
  ['ftp://host', 'ERROR_INVALID_PARAMETER: options.engine must be'],
  ['unix://relative', 'ERROR_INVALID_PARAMETER: options.engine must be'],
])('an engine at %s is refused with the reason', async (address, reason) => {
  expect((await collected({ options: { engine: address } })).error).toContain(reason)
})
