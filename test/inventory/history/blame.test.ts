import { afterAll, expect, test } from 'vitest'
import { blameResource } from '../../../src/inventory/index.ts'
import type { WholeDatabase } from '../../../src/storage/index.ts'
import { openCoverage, thing } from '../../coverage/support.ts'

const coverage = await openCoverage()
afterAll(coverage.close)

test('a value is not told to be of a change that came while it was read', async () => {
  const collector = await coverage.givenCloud([thing({ id: 'a', data: { v: 'old' } })])
  await coverage.run(collector)
  const { domainId } = collector
  const createdAt = coverage.now()
  // The domain is older than all that happens in it.
  await coverage.db.query('update domain set created_at = $2 where domain_id = $1', [domainId, '2025-01-01'])
  const [row] = await coverage.db.query<{ id: string }>(
    'select cloud_service_id as id from cloud_service where domain_id = $1',
    [domainId],
  )
  async function change(): Promise<void> {
    collector.cloud.sends = [thing({ id: 'a', data: { v: 'new' } })]
    await coverage.run(collector)
  }

  const ctx = { ...coverage.context(), db: interrupted(coverage.db, change) }
  const { rows } = await blameResource(ctx, { domainId, cloudServiceId: row?.id ?? '', path: 'data' })
  expect(rows).toMatchObject([{ path: 'data.v', value: 'old', at: createdAt }])
})

/** A database on which something happens behind the first statement. */
function interrupted(whole: WholeDatabase, act: () => Promise<void>): WholeDatabase {
  let happening: Promise<void> | undefined
  const happen = () => {
    happening ??= act()
    return happening
  }
  return {
    ...whole,
    async query(text, params, options) {
      const rows = await whole.query(text, params, options)
      await happen()
      return rows as never
    },
    transaction: (run, options) =>
      whole.transaction(
        (tx) =>
          run({
            ...tx,
            async query(text, params, named) {
              const rows = await tx.query(text, params, named)
              await happen()
              return rows as never
            },
          }),
        options,
      ),
  }
}
