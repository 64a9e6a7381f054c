import { join } from 'node:path'
import { collectFrom, startPlugin } from '@gleaner/sdk/testing'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { startDockerEngine } from '../../../test/support/docker-engine.ts'

const started = await startDockerEngine()
if (typeof started === 'string') console.warn(`docker was NOT tested against a real engine: ${started}`)
const engine = typeof started === 'string' ? undefined : started
const plugin = await startPlugin(join(import.meta.dirname, '../src/plugin.ts'))
afterAll(async () => {
  await plugin.stop()
  await engine?.stop()
})

test.runIf(engine !== undefined)('a real engine is read as it is, twice the same', async () => {
  const docker = engine?.docker
  if (docker === undefined) throw new Error('there is no engine')
  await engine?.addImage('sleeper:1', 'setInterval(() => {}, 1000)')
  const network = await docker.createNetwork({ Name: 'front', Driver: 'bridge', Internal: true })
  // Its bridge is the machine's, and would stay there without the engine.
  onTestFinished(() => network.remove())
  await docker.createVolume({ Name: 'data', Labels: { team: 'shop' } })
  const container = await docker.createContainer({
    name: 'sleeper',
    Image: 'sleeper:1',
    Env: ['DB_PASSWORD=needle-4711'],
    HostConfig: { Binds: ['data:/data'], NetworkMode: 'none' },
  })
  await container.start()

  const collect = () => collectFrom(plugin.port, { options: { engine: `unix://${engine?.socket}` } })
  const first = await collect()
  const { ID: account } = await docker.info()
  const { Id: imageId } = await docker.getImage('sleeper:1').inspect()
  const found = (type: string, name: string) =>
    first.resources
      .map(({ resource }) => resource)
      .find((each) => each.cloud_service_type === type && each.name === name)
  expect(first.error).toBeUndefined()
  expect(first.resources.filter(({ state }) => state === 5)).toEqual([])
  expect(found('Container', 'sleeper')).toMatchObject({
    account,
    reference: { resource_id: container.id },
    data: {
      state: 'running',
      environment: expect.arrayContaining(['DB_PASSWORD']),
      relations: expect.arrayContaining([
        { name: 'created_from', resource_id: imageId, type: 'image' },
        { name: 'mounts', resource_id: 'data', type: 'volume' },
      ]),
    },
  })
  expect(found('Network', 'front')).toMatchObject({
    reference: { resource_id: network.id },
    data: { driver: 'bridge', is_internal: true },
  })
  expect(found('Volume', 'data')).toMatchObject({ tags: { team: 'shop' } })
  expect(first.bytes.includes('needle-4711')).toBe(false)
  expect((await collect()).bytes.equals(first.bytes)).toBe(true)

  await container.kill()
  await container.wait()
  const after = await collect()
  expect(after.resources.find(({ resource }) => resource.name === 'sleeper')?.resource).toMatchObject({
    data: { state: 'exited' },
  })
})
