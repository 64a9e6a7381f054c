import type { AuditHead } from './append-record.ts'
import { type HashedRecord, hashOfRecord, NO_HASH } from './record-hash.ts'

export type StoredRecord = HashedRecord & { readonly hash: Buffer }

/** What is wrong in a chain, and where. */
type ChainBreak = { readonly seq: number; readonly problem: string }

/** Follows a chain row by row, in the order of their numbers. */
type ChainWalk = {
  next(record: StoredRecord): void
  /** Compares the last row with the end that was written down, and returns everything that was found. */
  end(head: AuditHead): ChainResult
}

export type ChainResult = {
  readonly count: number
  /** More than these are counted, not named. */
  readonly breaks: readonly ChainBreak[]
  readonly breakCount: number
  /** Whether the hash that was kept outside is one of the chain; true when none was given. */
  readonly holdsKept: boolean
}

const MAX_NAMED = 100

/**
 * Recomputes each hash from the row and the hash stored before it, so that one changed row is one break, or
 * two when its hash was changed, and not everything behind it. Pure but for what it counts.
 */
export function walkChain(kept?: Buffer): ChainWalk {
  const breaks: ChainBreak[] = []
  let breakCount = 0
  let count = 0
  let last: AuditHead = { seq: 0, hash: NO_HASH }
  let holdsKept = kept === undefined || kept.equals(NO_HASH)

  function broken(seq: number, problem: string): void {
    breakCount++
    if (breaks.length < MAX_NAMED) breaks.push({ seq, problem })
  }

  return {
    next(record) {
      count++
      const seq = Number(record.seq)
      if (seq <= last.seq) broken(seq, 'a row stands before the first one')
      else if (seq !== last.seq + 1) broken(last.seq + 1, gapBefore(seq, last.seq))
      else if (!hashOfRecord(last.hash, record).equals(record.hash))
        broken(seq, 'the row, its hash or the hash before it was changed')
      if (kept?.equals(record.hash)) holdsKept = true
      if (seq > last.seq) last = { seq, hash: record.hash }
    },
    end(head) {
      if (last.seq < head.seq) broken(last.seq + 1, gapBefore(head.seq + 1, last.seq))
      else if (last.seq > head.seq) broken(head.seq + 1, 'rows stand behind the end of the chain')
      else if (!last.hash.equals(head.hash)) broken(head.seq, 'the end of the chain was changed')
      return { count, breaks, breakCount, holdsKept }
    },
  }
}

function gapBefore(seq: number, last: number): string {
  const missing = seq - last - 1
  return missing === 1 ? 'this row is missing' : `${missing} rows are missing from here`
}
