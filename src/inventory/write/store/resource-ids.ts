import type { Sql } from '../../../storage/index.ts'
import type { ResourceKind } from '../../kinds.ts'

/** How many numbers one `nextval` reserves: the increment of the sequence `resource_number`. */
const BLOCK = 1024

/** Gives out ids of resources, each once, whatever number of workers ask. */
export type ResourceIds = { next(sql: Sql, kind: ResourceKind): Promise<string> }

/**
 * Ids are sequential, not random: the primary keys then grow at their right edge, and 12 hex digits cannot
 * collide (random ones would, with even odds, at 20 million). A block that a rollback or a crash leaves
 * behind is a gap.
 */
export function createResourceIds(): ResourceIds {
  let next = 0
  let end = 0
  return {
    async next(sql, kind) {
      if (next === end) {
        const [row] = await sql.query<{ start: number }>("select nextval('resource_number') as start")
        if (row === undefined) throw new Error('the sequence resource_number gave no number')
        next = row.start
        end = row.start + BLOCK
      }
      return `${kind.idPrefix}-${(next++).toString(16).padStart(12, '0')}`
    },
  }
}
