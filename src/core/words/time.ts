/**
 * How long ago an instant of the API was: `12 s ago`, `3 h ago`; the day when it is long past; `in 5 min`
 * when it is to come. Empty when there is none.
 */
export function relativeTime(timestamp: string, nowMs: number): string {
  const instant = Date.parse(timestamp)
  if (Number.isNaN(instant)) return ''
  const seconds = Math.floor((nowMs - instant) / 1000)
  const size = Math.abs(seconds)
  if (size < JUST_NOW_SECONDS) return 'just now'
  const unit = UNITS.find(({ below }) => size < below)
  if (unit === undefined) return timestamp.slice(0, 10)
  const amount = `${Math.floor(size / unit.seconds)} ${unit.name}`
  return seconds > 0 ? `${amount} ago` : `in ${amount}`
}

/** A length of time with the precision one cares about: `850 ms`, `3.2 s`, `2 min 05 s`, `1 h 02 min`. */
export function duration(milliseconds: number): string {
  const ms = Math.max(0, Math.round(milliseconds))
  if (ms < 1000) return `${ms} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${twoDigits(seconds % 60)} s`
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`
}

/** The time between two instants of the API; until now when the second is empty, nothing before the first. */
export function durationBetween(startedAt: string, finishedAt: string, nowMs: number): string {
  const start = Date.parse(startedAt)
  if (Number.isNaN(start)) return ''
  return duration((finishedAt === '' ? nowMs : Date.parse(finishedAt)) - start)
}

const JUST_NOW_SECONDS = 5

const UNITS = [
  { name: 's', seconds: 1, below: 60 },
  { name: 'min', seconds: 60, below: 3600 },
  { name: 'h', seconds: 3600, below: 86_400 },
  { name: 'd', seconds: 86_400, below: 30 * 86_400 },
]

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
