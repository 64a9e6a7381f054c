import { toTimestamp } from '../../core/clock.ts'
import { FailedPrecondition, InvalidParameter, NotFound, RequiredParameter } from '../../core/errors.ts'
import { parseRelativeTime, parseTimestamp } from '../../query/index.ts'
import type { Sql } from '../../storage/index.ts'

/** Reads an instant of the past as callers write it: a date, ISO 8601, or relative to now. Pure. */
export function readMoment(text: string, key: string, now: Date): Date {
  if (text.trim() === '') throw new RequiredParameter(key)
  const moment = parseRelativeTime(text, now) ?? parseTimestamp(text)
  if (moment === undefined)
    throw new InvalidParameter(key, 'it is no instant; write 2026-01-02, 2026-01-02T03:04:05Z or now-7d')
  if (moment > now)
    throw new InvalidParameter(
      key,
      `${toTimestamp(moment)} lies in the future, and now is ${toTimestamp(now)}`,
    )
  return moment
}

/**
 * Since when a domain has a whole history. Where that is not since its creation, nothing of what was before
 * can be told.
 */
export async function readHistorySince(sql: Sql, domainId: string): Promise<Date> {
  return (await readHistory(sql, domainId)).since
}

type Kept = { readonly since: Date; readonly isAll: boolean }

async function readHistory(sql: Sql, domainId: string): Promise<Kept> {
  const [row] = await sql.query<Kept>(
    `select coalesce(history_since, created_at) as since, history_since is null as is_all from domain where domain_id = $1`,
    [domainId],
  )
  if (row === undefined) throw new NotFound('domain', domainId)
  return row
}

/**
 * Refuses an instant from which on the history is not whole. Before the creation of a domain nothing was in
 * it. To be asked once more behind the statement that reads history: whoever removes records says so before.
 */
export async function assertKept(sql: Sql, domainId: string, moment: Date, key: string): Promise<Date> {
  const { since, isAll } = await readHistory(sql, domainId)
  if (isAll || moment >= since) return since
  throw new FailedPrecondition(
    HISTORY_NOT_KEPT,
    `'${key}' is ${toTimestamp(moment)}, and the history of the domain begins at ${toTimestamp(since)}: what was before is not known. Ask about that instant or a later one`,
  )
}

export const HISTORY_NOT_KEPT = 'ERROR_HISTORY_NOT_KEPT'
