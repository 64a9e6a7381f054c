/**
 * An outage of a cloud, seen through Gleaner: `node examples/outage/main.ts` starts a small cloud, a plugin
 * for it and a server of its own, drives them through the command line, and prints what happened as the page
 * docs/guide/outage.md.
 */
import { join } from 'node:path'
import { openShell } from '../stage/run-gleaner.ts'
import { startGleaner, startPlugin } from '../stage/start.ts'
import { tell } from '../stage/tell.ts'
import { startCloud } from './cloud.ts'
import { STORY } from './story.ts'

const HEAD = `# An outage, seen through Gleaner

<!-- Written by \`node examples/outage/main.ts > docs/guide/outage.md\`; what is shown is what the commands printed. -->

A cloud has three regions. One denies access, one cuts its lists off, then both recover; one says that it is empty; at last one is closed on purpose. The plugin is
[fifty lines](../../examples/outage/plugin.ts). When something is deleted, held or unknown is explained in [deletion](deletion.md).
`

const cloud = await startCloud()
const plugin = await startPlugin(join(import.meta.dirname, 'plugin.ts'))
const server = await startGleaner()
try {
  const { out: domain } = await openShell(server.url).run(['domains', 'create', 'Outage'])
  const shell = openShell(server.url, domain.trim())
  const named = ['--image', plugin.url, '--provider', 'nimbus']
  await shell.run(['plugins', 'register', 'Nimbus', ...named, '--versions', '1.0.0'])
  const { out } = await shell.run(['plugins', 'list', '--json'])
  const { results } = JSON.parse(out) as { results: readonly { name: string; plugin_id: string }[] }
  const pluginId = results.find(({ name }) => name === 'Nimbus')?.plugin_id ?? ''
  const options = JSON.stringify({ url: cloud.url })
  await shell.run(['collectors', 'create', 'Nimbus', '--plugin', pluginId, '--options', options])
  process.stdout.write(`${HEAD}\n${await tell(STORY, cloud, shell)}`)
} finally {
  await server.stop()
  await plugin.stop()
  cloud.stop()
}
