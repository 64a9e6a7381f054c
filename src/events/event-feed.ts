import { assertDomain, type Logger } from '../access/index.ts'
import type { Database, Notifications } from '../storage/index.ts'
import { createBells } from './bells.ts'
import { type Cursor, parseCursor, toCursorText } from './cursor.ts'
import type { Event } from './event.ts'
import { placeEvents } from './place-events.ts'
import { type EventFilter, type EventPage, readEvents } from './read-events.ts'
import { readEventHead } from './read-head.ts'
import type { Reader } from './reader.ts'
import { createSharedReads } from './shared-reads.ts'

/** What a reader is told: an event, that the stream is alive, or that events before this place are gone. */
export type FeedItem =
  | { readonly type: 'event'; readonly event: Event }
  | { readonly type: 'heartbeat' | 'resync'; readonly cursor: string }

type WatchInput = {
  readonly domainId: string
  /** '' for what happens from now on. */
  readonly cursor: string
  readonly filter: EventFilter
  /** Default: the server itself, from which nothing is hidden. */
  readonly reader?: Reader
  /** Ends when all that has happened until now is told. */
  readonly untilNow?: boolean
  readonly signal: AbortSignal
}

export type EventFeed = {
  /**
   * Resolves when the place to begin is known; the iteration then tells what happens until the signal ends.
   */
  watch(input: WatchInput): Promise<AsyncIterable<FeedItem>>
  close(): void
}

export type FeedSettings = {
  /** Shortest time between two looks at a domain, milliseconds. Default 50. */
  readonly spacingMs: number
  /** How often it looks without having been notified, milliseconds. Default 5,000. */
  readonly lookEveryMs: number
  /**
   * How long a stream may be silent, milliseconds. Default 15,000: proxies cut what is silent for 30 or 60 s.
   */
  readonly heartbeatMs: number
}

const DEFAULT_SETTINGS: FeedSettings = { spacingMs: 50, lookEveryMs: 5_000, heartbeatMs: 15_000 }

/**
 * Tells readers what happens. Each pulls from the table at its own pace and holds one page at most; nothing
 * is kept for those who are slow.
 */
export function createEventFeed(
  deps: { readonly db: Database; readonly notifications: Notifications; readonly log: Logger },
  overrides: Partial<FeedSettings> = {},
): EventFeed {
  const settings = { ...DEFAULT_SETTINGS, ...overrides }
  const bells = createBells(deps, settings)
  const readShared = createSharedReads((reader, domainId, after, filter) =>
    reader.db.transaction((tx) => readEvents(tx, domainId, after, filter), { readOnly: true }),
  )

  async function watch(input: WatchInput): Promise<AsyncIterable<FeedItem>> {
    const asked = input.cursor === '' ? undefined : parseCursor(input.cursor)
    // Places are the server's matter; whether there is anything to listen to is asked as who listens.
    if (input.reader !== undefined) await assertDomain(input.reader.db, input.domainId)
    await placeEvents(deps.db, input.domainId)
    const head = await readEventHead(deps.db, input.domainId)
    const start = asked === undefined ? { position: head.lastPosition, item: 0 } : placeIn(head, asked)
    return follow(input, { start, isResync: asked !== undefined && !isSame(start, asked) })
  }

  /** The next page of a reader, and where events were removed before it came to them. */
  async function readOn(
    { reader = { db: deps.db, sight: '', seesAll: true }, domainId, filter }: WatchInput,
    after: Cursor,
  ): Promise<EventPage & { readonly gap: Cursor | undefined }> {
    // Before the page: what has its place by now is in it, unless it is hidden.
    const head = reader.seesAll ? undefined : await readEventHead(deps.db, domainId)
    const page = await readShared(reader, domainId, after, filter)
    if (head === undefined) return { ...page, gap: gapBefore(page, after) }
    const gap =
      head.removedPosition > after.position ? { position: head.removedPosition, item: 0 } : undefined
    const isBehind = !page.isFull && page.next.position < head.lastPosition
    return { ...page, gap, next: isBehind ? { position: head.lastPosition, item: 0 } : page.next }
  }

  /** Joins the readers when it is asked for its first item: whoever leaves before that has no `finally`. */
  async function* follow(
    input: WatchInput,
    { start, isResync }: { readonly start: Cursor; readonly isResync: boolean },
  ): AsyncGenerator<FeedItem> {
    const { untilNow, signal } = input
    let after = start
    let sentAt = performance.now()
    const bell = bells.join(input.domainId)
    try {
      // What has happened since the place to begin was read rang no bell.
      await placeEvents(deps.db, input.domainId)
      if (isResync) yield { type: 'resync', cursor: toCursorText(start) }
      while (!signal.aborted) {
        const { rings } = bell
        const { gap, ...page } = await readOn(input, after)
        if (gap !== undefined) yield { type: 'resync', cursor: toCursorText(gap) }
        for (const event of page.events) yield { type: 'event', event }
        after = page.next
        if (page.events.length > 0) sentAt = performance.now()
        if (page.isFull) continue
        if (untilNow) return
        await bell.waitBeyond(rings, sentAt + settings.heartbeatMs - performance.now(), signal)
        if (signal.aborted || performance.now() - sentAt < settings.heartbeatMs) continue
        yield { type: 'heartbeat', cursor: toCursorText(after) }
        sentAt = performance.now()
      }
    } finally {
      bell.leave()
    }
  }

  return { watch, close: () => bells.close() }
}

/** Where a reader goes on who asks for this place: there, or where the order begins or ends by now. Pure. */
function placeIn(
  { lastPosition, removedPosition }: { readonly lastPosition: number; readonly removedPosition: number },
  asked: Cursor,
): Cursor {
  // `0` asks for whatever is oldest.
  if (asked.position === 0) return { position: removedPosition, item: 0 }
  if (asked.position > lastPosition) return { position: lastPosition, item: 0 }
  const isKept = asked.item > 0 ? asked.position > removedPosition : asked.position >= removedPosition
  return isKept ? asked : { position: removedPosition, item: 0 }
}

function isSame(start: Cursor, asked: Cursor): boolean {
  return asked.position === 0 || (start.position === asked.position && start.item === asked.item)
}

/** Places have no gaps: where one is, events were removed before this reader came to them. */
function gapBefore({ firstPosition }: EventPage, after: Cursor): Cursor | undefined {
  if (firstPosition === undefined) return undefined
  const expected = after.item > 0 ? after.position : after.position + 1
  return firstPosition > expected ? { position: firstPosition - 1, item: 0 } : undefined
}
