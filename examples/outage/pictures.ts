/**
 * The pictures of docs/guide/console.md: `npm run screenshots` plays the outage with a real server, collects
 * this machine beside it, and looks with a browser.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { startBrowser } from '../../test/support/browser.ts'
import { openShell, type Shell } from '../stage/run-gleaner.ts'
import { startGleaner, startPlugin } from '../stage/start.ts'
import { startCloud } from './cloud.ts'

const FOLDER = join(import.meta.dirname, '../../docs/guide/console')

const browser = await startBrowser()
if (typeof browser === 'string') throw new Error(browser)
const looker = browser
const cloud = await startCloud()
const plugin = await startPlugin(join(import.meta.dirname, 'plugin.ts'))
const server = await startGleaner()
try {
  mkdirSync(FOLDER, { recursive: true })
  const shell = await givenCollectors()
  cloud.setMood('west', 'denies')
  cloud.setMood('south', 'truncates')
  cloud.remove('west-2')
  await shell.run(['collect', 'Nimbus', '--watch'])
  await picture('/', 'overview')
  await picture('/', 'dark', { colorScheme: 'dark' })
  await picture('/', 'phone', { viewport: { width: 390, height: 844 } })
  await picture('/coverage?state=incomplete', 'coverage')
  await picture('/resources?text=region:south,west', 'resources')
  await picture(`/jobs/${await lastJob(shell)}`, 'job')
  cloud.setMood('west', 'well')
  cloud.setMood('south', 'well')
  for (let run = 0; run < 2; run++) await shell.run(['collect', 'Nimbus', '--watch'])
  const { out } = await shell.run(['search', 'name:west-2 state:deleted', '--json'])
  const { results } = JSON.parse(out) as { results: readonly { cloud_service_id: string }[] }
  await picture(`/resources/${results[0]?.cloud_service_id}`, 'deletion')
} finally {
  await browser.close()
  await server.stop()
  await plugin.stop()
  cloud.stop()
}

/** Two collectors, each of which has run while all was well. */
async function givenCollectors(): Promise<Shell> {
  const { out: domain } = await openShell(server.url).run(['domains', 'create', 'Nimbus and this machine'])
  const shell = openShell(server.url, domain.trim())
  const named = ['--image', plugin.url, '--provider', 'nimbus', '--versions', '1.0.0']
  await shell.run(['plugins', 'register', 'Nimbus', ...named])
  const { out } = await shell.run(['plugins', 'list', '--json'])
  const { results } = JSON.parse(out) as { results: readonly { name: string; plugin_id: string }[] }
  const pluginId = results.find(({ name }) => name === 'Nimbus')?.plugin_id ?? ''
  const options = JSON.stringify({ url: cloud.url })
  await shell.run(['collectors', 'create', 'Nimbus', '--plugin', pluginId, '--options', options])
  await shell.run(['collectors', 'create', 'This machine', '--plugin', 'plugin-host'])
  for (const name of ['This machine', 'Nimbus']) await shell.run(['collect', name, '--watch'])
  return shell
}

/** Whose errors are seen best. */
async function lastJob(shell: Shell): Promise<string> {
  const { out } = await shell.run(['jobs', '--json'])
  const { results } = JSON.parse(out) as { results: readonly { job_id: string }[] }
  return results[0]?.job_id ?? ''
}

async function picture(
  path: string,
  name: string,
  look: Parameters<Browser['newPage']>[0] = {},
): Promise<void> {
  const page = await looker.newPage({ viewport: { width: 1120, height: 760 }, ...look })
  await page.goto(`${server.url}${path}`)
  await page.waitForSelector('h1')
  await page.waitForSelector('.shimmer', { state: 'detached' })
  if (name === 'deletion') await page.getByRole('link', { name: 'Nimbus', exact: true }).waitFor()
  if (name === 'resources') await page.getByText('which ones?').click()
  await page.screenshot({ path: join(FOLDER, `${name}.png`) })
  await page.close()
}
