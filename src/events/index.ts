export { type Cursor, parseCursor, toCursorText } from './cursor.ts'
export { EVENT_STATUSES, EVENT_TYPES, type Event, type EventType, type ResourceEventType } from './event.ts'
export {
  createEventFeed,
  type EventFeed,
  type FeedItem,
  type FeedSettings,
  type WatchInput,
} from './event-feed.ts'
export { assertStatuses, expandTypes } from './event-filter.ts'
export { placeEvents } from './place-events.ts'
export { EVERY_EVENT, type EventFilter, type EventPage, readEvents } from './read-events.ts'
export { type EventHead, readEventHead } from './read-head.ts'
export { type Reader, readerOf } from './reader.ts'
export { type ResourceChange, type ResourceChanges, recordResourceEvents } from './record-events.ts'
export { removeOldEvents } from './remove-old-events.ts'
