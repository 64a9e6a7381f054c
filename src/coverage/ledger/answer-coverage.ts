import type { Context } from '../../access/index.ts'
import { toTimestamp } from '../../core/clock.ts'
import { NO_NAME } from '../cells.ts'
import { type Asked, asksFor } from './asked-cells.ts'
import { isAccepted, isComplete, type LedgerEntry, readLedger } from './read-ledger.ts'

/** It travels beside an answer, where eight kilobytes are all there is for everything. */
const MAX_LENGTH = 3_000
const MAX_REASON = 200

/**
 * Says how complete an answer is, as the JSON text of one header line: how many of the cells it asks for are complete,
 * the oldest evidence of those that have any, and as many of the others as there is room for. In ASCII.
 */
export async function readAnswerCoverage(ctx: Context, domainId: string, asked: Asked): Promise<string> {
  const all = { collectorId: '', secretId: '', name: NO_NAME, maxAge: undefined, now: ctx.now() }
  const ledger = await readLedger(ctx.db, { domainId, ...all })
  return toHeader(ledger.filter(asksFor(asked)))
}

/** Pure. */
export function toHeader(lines: readonly LedgerEntry[]): string {
  const gaps = lines.filter((line) => !isComplete(line))
  const accepted = gaps.filter(isAccepted)
  // What is accepted stands last: what nobody knows of yet must not go for want of room.
  const incomplete = [...gaps.filter((line) => !isAccepted(line)), ...accepted]
  const known = {
    complete: lines.length > 0 && gaps.length === 0,
    complete_count: lines.length - gaps.length,
    accepted_count: accepted.length,
    complete_or_accepted: lines.length > 0 && gaps.length === accepted.length,
    total_count: lines.length,
    oldest_evidence_at: oldestOf(lines),
  }
  const listed: object[] = []
  for (const line of incomplete) {
    if (toAscii({ ...known, incomplete: [...listed, toJson(line)] }).length > MAX_LENGTH) break
    listed.push(toJson(line))
  }
  return toAscii({ ...known, incomplete: listed })
}

function oldestOf(lines: readonly LedgerEntry[]): string {
  const moments = lines.flatMap(({ receipt }) => receipt?.createdAt.getTime() ?? [])
  return moments.length === 0 ? '' : toTimestamp(new Date(Math.min(...moments)))
}

function toJson(line: LedgerEntry): object {
  const { cell, contributor, status } = line
  return {
    provider: cell.provider,
    cloud_service_group: cell.cloudServiceGroup,
    cloud_service_type: cell.cloudServiceType,
    account: cell.account,
    region_code: cell.regionCode,
    collector_id: contributor.collectorId,
    state: status.state,
    reason: status.reason.slice(0, MAX_REASON),
    ...(isAccepted(line) && { accepted: true }),
  }
}

function toAscii(value: object): string {
  return JSON.stringify(value).replaceAll(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
