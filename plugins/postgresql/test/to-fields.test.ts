import { expect, test } from 'vitest'
import { toFields } from '../src/to-fields.ts'

test.each([
  ['primary_conninfo', 'host=a password=b', '(sensitive)'],
  ['restore_command', 'fetch --token b', '(sensitive)'],
  ['restore_command', '', ''],
  ['max_connections', '100', '100'],
])('the setting %s = %j shows as %j', (name, value, shown) => {
  expect(toFields('setting', 'cluster-1', { name, value }).data).toMatchObject({ name, value: shown })
})
