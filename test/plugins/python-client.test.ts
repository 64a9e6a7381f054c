import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { startPlugin } from '../../sdk/src/testing/index.ts'
import { preparePython } from '../support/python.ts'

const python = preparePython()
if ('missing' in python) console.warn(`SKIPPED: the Python client cannot be run here: ${python.missing}`)
const CLIENT = join(import.meta.dirname, '../fixtures/plugins/python/client.py')
const MOODY = join(import.meta.dirname, '../../sdk/test/fixtures/moody.ts')

test.skipIf('missing' in python)('a client on grpcio is understood by a plugin of the SDK', async () => {
  if ('missing' in python) return
  const plugin = await startPlugin(MOODY)
  const env = { ...process.env, PYTHONPATH: python.stubs }
  const { stdout } = await promisify(execFile)(python.python, [CLIENT, String(plugin.port)], { env })
  await plugin.stop()
  const found = { ids: ['', 'first'], end: null }
  expect(JSON.parse(stdout)).toEqual({
    init: 'moody',
    verify: ['INTERNAL', 'ERROR_PLUGIN_FAILED: verify fell over its own feet'],
    calm: found,
    compressed: found,
    with_metadata: found,
    refused: { ...found, end: ['RESOURCE_EXHAUSTED', 'ERROR_QUOTA: too many calls'] },
    late: ['DEADLINE_EXCEEDED', expect.any(String)],
    canceled: ['CANCELLED', expect.any(String)],
    health: [8, 1],
  })
})
