import { afterAll, expect, test } from 'vitest'
import { bucket } from '../../inventory/write/support.ts'
import { sends } from '../scripted-plugins.ts'
import { openWorkshop, runToEnd } from '../support.ts'

const workshop = await openWorkshop()
const { db, givenCollector, givenWorker, plugins, startJob } = workshop
afterAll(workshop.close)

test('a newer version of a plugin is taken over by the next job of an AUTO collector, and described anew', async () => {
  const versions = ['1.0.0']
  const described: string[] = []
  const pluginId = plugins.add(
    {
      init: (_, version) => {
        described.push(version)
        return { filter_format: [], describes: version }
      },
      collect: () => sends(bucket({ id: 'a' })),
    },
    { versions },
  )
  const collector = await givenCollector({}, { pluginId })
  await givenWorker()
  versions.unshift('2.0.0')

  for (let run = 0; run < 2; run++) {
    expect((await runToEnd(db, await startJob(collector))).job.status).toBe('SUCCESS')
  }

  expect(described).toEqual(['1.0.0', '2.0.0'])
  const [row] = await db.query('select plugin_version, plugin_metadata from collector where domain_id = $1', [
    collector.domainId,
  ])
  expect(row).toEqual({ pluginVersion: '2.0.0', pluginMetadata: { filter_format: [], describes: '2.0.0' } })
})
