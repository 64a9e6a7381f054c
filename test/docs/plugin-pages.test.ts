import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadPlugin } from '../../sdk/src/process/load-plugin.ts'
import { builtinPlugins } from '../../src/plugins/index.ts'
import { pluginPage } from './plugin-page.ts'

const ROOT = join(import.meta.dirname, '../..')
const NAMES = readdirSync(join(ROOT, 'plugins')).toSorted()

/** `npm test -- test/docs/plugin-pages -u` writes them anew. */
test.each(NAMES)('the page of %s is what its declaration says', async (name) => {
  const plugin = await loadPlugin(join(ROOT, 'plugins', name, 'src/plugin.ts'))
  await expect(pluginPage(plugin)).toMatchFileSnapshot(join(ROOT, 'docs/plugins', `${name}.md`))
})

test.each(NAMES)('%s comes with the server, under its own provider and version', async (name) => {
  const plugin = await loadPlugin(join(ROOT, 'plugins', name, 'src/plugin.ts'))
  expect(builtinPlugins().find(({ pluginId }) => pluginId === `plugin-${name}`)).toMatchObject({
    image: `builtin:${name}`,
    provider: plugin.provider,
    versions: [plugin.version],
  })
})
