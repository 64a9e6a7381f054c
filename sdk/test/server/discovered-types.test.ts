import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { collectFrom } from '../../src/testing/collect-from.ts'
import { type PluginProcess, startPlugin } from '../../src/testing/start-plugin.ts'

let plugin: PluginProcess

beforeAll(async () => {
  plugin = await startPlugin(join(import.meta.dirname, '../fixtures/finder.ts'))
})
afterAll(() => plugin.stop())

test('types that the provider names are sent first, or with their first resource, and then count as declared', async () => {
  const { error, resources } = await collectFrom(plugin.port)
  expect(resources.map(({ resource }) => resource.name ?? resource.cloud_service_type)).toEqual([
    'Thing',
    'Widget',
    'Widget',
    'Late',
    'Late',
    'Late',
    'Met',
    'Met',
  ])
  expect(error?.details).toContain("the undeclared type 'nowhere.example.com'")
})

test('a type that is declared already is refused before anything is sent', async () => {
  const { error, resources } = await collectFrom(plugin.port, { options: { twice: true } })
  expect(resources).toEqual([])
  expect(error?.details).toMatch(/^ERROR_PLUGIN_TYPES: .*'Things\/Thing' twice/)
})

test('a type that is met while listing cannot take the place of another', async () => {
  const { error } = await collectFrom(plugin.port, { options: { again: true } })
  expect(error?.details).toMatch(/^ERROR_PLUGIN_TYPES: 'other' declares 'Things\/Met', which 'met' is/)
})
