import type { Cursor } from './cursor.ts'
import type { EventFilter, EventPage } from './read-events.ts'
import type { Reader } from './reader.ts'

type Read = (reader: Reader, domainId: string, after: Cursor, filter: EventFilter) => Promise<EventPage>

/** Reads at the same time: readers must leave the connections to those who collect. */
const MAX_READS = 2

/**
 * Readers of a domain are woken together, and most of them stand at the same place: who asks for what is
 * being read already, and may see as much as who asked first, gets the same page. Of different pages two are
 * read at a time.
 */
export function createSharedReads(read: Read): Read {
  const underWay = new Map<string, Promise<EventPage>>()
  const waiting: (() => void)[] = []
  let running = 0

  async function takeTurn(): Promise<void> {
    if (running < MAX_READS) {
      running++
      return
    }
    await new Promise<void>((resolve) => waiting.push(resolve))
  }

  function leaveTurn(): void {
    const next = waiting.shift()
    if (next === undefined) running--
    else next()
  }

  async function readInTurn(...asked: Parameters<Read>): Promise<EventPage> {
    await takeTurn()
    try {
      return await read(...asked)
    } finally {
      leaveTurn()
    }
  }

  return (reader, domainId, after, filter) => {
    const key = JSON.stringify([reader.sight, domainId, after, filter])
    const known = underWay.get(key)
    if (known !== undefined) return known
    const page = readInTurn(reader, domainId, after, filter).finally(() => underWay.delete(key))
    underWay.set(key, page)
    return page
  }
}
