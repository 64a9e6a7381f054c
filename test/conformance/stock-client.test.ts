import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { preparePython } from '../support/python.ts'
import { openWorld, type World } from './world.ts'

const PROGRAM = join(import.meta.dirname, '../fixtures/clients/collector_client.py')
const python = preparePython()
if ('missing' in python) console.warn(`SKIPPED: no gRPC client of another language: ${python.missing}`)

describe.skipIf('missing' in python)('a stock gRPC client in Python drives all 16 methods', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.stop())

  test.each([
    ['stubs', 'stubs generated from our protos'],
    ['reflection', 'nothing but reflection v1alpha'],
  ])('with %s: %s', async (how) => {
    const { python: command, stubs } = givenPython()
    const args = [PROGRAM, how, world.app.grpcAddress, world.domain_id, world.pluginId]
    const env = { ...process.env, ...(how === 'stubs' && { PYTHONPATH: stubs }) }

    const { stdout } = await promisify(execFile)(command, args, { env })

    expect(JSON.parse(stdout)).toMatchObject({
      missing: [],
      disabled: {
        status: 'FAILED_PRECONDITION',
        details: expect.stringMatching(/^ERROR_COLLECTOR_STATE: .+disabled/),
      },
      gone: {
        status: 'NOT_FOUND',
        details: expect.stringMatching(/^ERROR_NOT_FOUND: collector '.+' not found$/),
      },
      answers: {
        create: { name: 'Python', state: 'ENABLED', plugin_info: { options: { count: 3 } } },
        update: { name: 'Snake', priority: 20, tags: { written_in: 'python' } },
        update_plugin: { plugin_info: { options: { count: 4 }, upgrade_mode: 'MANUAL' } },
        verify_plugin: {},
        disable: { state: 'DISABLED' },
        enable: { state: 'ENABLED' },
        list: { total_count: 1, results: [{ name: 'Snake' }] },
        stat: { results: ['Snake'] },
        add_schedule: { name: 'nightly', schedule: { hours: [3] }, collector_info: { name: 'Snake' } },
        update_schedule: { schedule: { hours: [4], minutes: [30] } },
        list_schedules: { total_count: 1 },
        collect: { status: 'IN_PROGRESS', total_tasks: 1, remained_tasks: 1 },
        delete: {},
      },
    })
  })

  function givenPython() {
    if ('missing' in python) throw new Error('the suite is skipped without Python')
    return python
  }
})
