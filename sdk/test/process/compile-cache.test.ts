import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startPlugin } from '../../src/testing/index.ts'

const SAMPLE = join(import.meta.dirname, '../../src/sample/plugin.ts')

function givenFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-cache-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('compiled code is kept for the next start before the plugin serves', async () => {
  const folder = givenFolder()
  const plugin = await startPlugin(SAMPLE, { env: { GLEANER_PLUGIN_CACHE: folder } })
  expect(readdirSync(folder, { recursive: true }).length).toBeGreaterThan(20)
  expect(await plugin.stop()).toBe(0)
})

test('a plugin starts where nothing can be kept', async () => {
  const file = join(givenFolder(), 'a-file')
  writeFileSync(file, '')
  const plugin = await startPlugin(SAMPLE, { env: { GLEANER_PLUGIN_CACHE: file } })
  expect(await plugin.stop()).toBe(0)
})
