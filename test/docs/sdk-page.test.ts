import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exportsOf, renderEntry } from './sdk-page.ts'

const HEAD = `# The plugin SDK

All that \`@gleaner/sdk\` and \`@gleaner/sdk/testing\` export, as their sources say it; written by \`npm test -- test/docs/sdk-page.test.ts -u\`.
[Writing a plugin](../guide/write-a-plugin.md) shows how it is used.
`

test('the reference of the SDK is what its sources say', async () => {
  const page = [
    HEAD,
    renderEntry('@gleaner/sdk', 'index.ts'),
    renderEntry('@gleaner/sdk/testing', 'testing/index.ts'),
  ].join('\n')
  await expect(page).toMatchFileSnapshot(join(import.meta.dirname, '../../docs/reference/sdk.md'))
})

test('everything that the SDK exports is explained', () => {
  const exported = [...exportsOf('index.ts'), ...exportsOf('testing/index.ts')]
  expect(exported.filter(({ comment }) => comment === '').map(({ name }) => name)).toEqual([])
  expect(exported.length).toBeGreaterThan(50)
})
