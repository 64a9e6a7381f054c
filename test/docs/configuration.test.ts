import { join } from 'node:path'
import { expect, test } from 'vitest'
import { OPTIONS } from '../../src/config/index.ts'
import { configurationPage } from './configuration-page.ts'

const PAGE = join(import.meta.dirname, '../../docs/reference/configuration.md')

/** `npm test -- test/docs/configuration.test.ts -u` writes it anew. */
test('the reference of the options is what src/config declares', async () => {
  await expect(configurationPage()).toMatchFileSnapshot(PAGE)
})

test('every option is in it', () => {
  const page = configurationPage()
  const missing = Object.values(OPTIONS).filter(({ env }) => !page.includes(`| \`${env}\` |`))
  expect(missing).toEqual([])
})
