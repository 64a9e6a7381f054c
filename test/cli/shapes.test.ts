import { expect, test } from 'vitest'
import { parseCondition } from '../../src/cli/resource-filter.ts'
import { toCollector, toJobProgress } from '../../src/cli/shapes.ts'

test('an answer of fewer fields, or of other types, is read as empty and never crashes', () => {
  expect(toCollector({ name: 5, plugin_info: null })).toMatchObject({ name: '', pluginId: '', priority: 0 })
  expect(toJobProgress({ tasks: [null, 'x', { seen_count: '12', warnings: [1, 'w'] }] }).tasks).toMatchObject(
    [{ seen: 12, warnings: ['w'], status: '' }],
  )
})

test.each([
  ['name=nginx', { key: 'name', operator: 'eq', value: 'nginx' }],
  ['name=a=b', { key: 'name', operator: 'eq', value: 'a=b' }],
  ['name!=nginx', { key: 'name', operator: 'not', value: 'nginx' }],
  ['name~=ngi', { key: 'name', operator: 'contain', value: 'ngi' }],
  ['name=8', { key: 'name', operator: 'eq', value: '8' }],
  ['data.cores=8', { key: 'data.cores', operator: 'in', value: ['8', 8] }],
  ['data.cores!=8', { key: 'data.cores', operator: 'not_in', value: ['8', 8] }],
  ['data.on=true', { key: 'data.on', operator: 'in', value: ['true', true] }],
  ['data.version=1.10', { key: 'data.version', operator: 'eq', value: '1.10' }],
  ['instance_size:=2.5', { key: 'instance_size', operator: 'eq', value: 2.5 }],
])('the condition %j', (text, condition) => {
  expect(parseCondition(text)).toEqual(condition)
})

test.each(['name', '=x', 'name:=nginx', ''])('%j is no condition', (text) => {
  expect(() => parseCondition(text)).toThrow(/--filter/)
})
