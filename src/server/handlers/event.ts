import type { MessageInitShape } from '@bufbuild/protobuf'
import { toTimestamp } from '../../core/clock.ts'
import { assertStatuses, type EventFeed, expandTypes, type FeedItem, readerOf } from '../../events/index.ts'
import { Event, type EventInfoSchema } from '../../gen/gleaner/v1/event_pb.ts'
import { implementService } from '../method.ts'

export function createEventService({ feed }: { readonly feed: EventFeed }) {
  return implementService(Event, {
    watch: {
      access: { permission: 'read', domain: 'required' },
      isHeartbeat: ({ type }) => type === 'heartbeat',
      async open({ ctx, domainId, request }) {
        const { cursor, types, collectorId, jobId, kind, statuses, untilNow } = request
        assertStatuses(statuses)
        const filter = { types: expandTypes(types), collectorId, jobId, kind, statuses }
        const reader = readerOf(ctx)
        const items = await feed.watch({ domainId, cursor, filter, reader, untilNow, signal: ctx.signal })
        return toMessages(items, () => ({ domainId, createdAt: toTimestamp(ctx.now()) }))
      },
    },
  })
}

type Message = MessageInitShape<typeof EventInfoSchema>

async function* toMessages(items: AsyncIterable<FeedItem>, ofStream: () => Message): AsyncGenerator<Message> {
  for await (const item of items) {
    if (item.type === 'event') {
      const { event } = item
      yield { ...event, ...ofStream(), counts: { ...event.counts }, createdAt: toTimestamp(event.createdAt) }
    } else yield { ...ofStream(), type: item.type, cursor: item.cursor }
  }
}
