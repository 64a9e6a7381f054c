/** One change of a zone's distance from UTC, all in milliseconds. */
type Transition = { readonly at: number; readonly before: number; readonly after: number }

const SECOND_MS = 1_000
const DAY_MS = 86_400_000
/** How far ahead the next change is looked for; zones that have changes at all have two a year. */
const YEARS_AHEAD = 2

/**
 * A zone's name as it is stored: in the usual spelling, but never as an older name of the same zone.
 * Undefined when this server's time zone data have no such zone.
 */
export function knownZone(name: string): string | undefined {
  // Offsets such as +02:00 would be taken too; they have no clock changes and no place that names them.
  if (!/^[A-Za-z]/.test(name)) return undefined
  try {
    const { timeZone } = new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions()
    if (timeZone === 'UTC') return timeZone
    const spellings = [timeZone, ...Intl.supportedValuesOf('timeZone')]
    return spellings.find((each) => each.toLowerCase() === name.toLowerCase()) ?? name
  } catch {
    return undefined
  }
}

/** How far the zone's clocks are ahead of UTC at an instant. */
export function offsetAt(zone: string, instant: number): number {
  const { first, transitions } = yearOf(zone, new Date(instant).getUTCFullYear())
  return transitions.findLast(({ at }) => at <= instant)?.after ?? first
}

/** The first change of the zone's offset after an instant, within two years. */
export function nextTransition(zone: string, instant: number): Transition | undefined {
  const year = new Date(instant).getUTCFullYear()
  for (let ahead = 0; ahead <= YEARS_AHEAD; ahead++) {
    const found = yearOf(zone, year + ahead).transitions.find(({ at }) => at > instant)
    if (found !== undefined) return found
  }
  return undefined
}

type ZoneYear = { readonly first: number; readonly transitions: readonly Transition[] }

const UTC: ZoneYear = { first: 0, transitions: [] }

/**
 * Asking Intl costs microseconds, and due times are asked by the thousand; a year of a zone takes 400
 * questions, once.
 */
const known = new Map<string, ZoneYear>()
const MAX_KNOWN = 5_000

function yearOf(zone: string, year: number): ZoneYear {
  if (zone === 'UTC') return UTC
  const key = `${year} ${zone}`
  const found = known.get(key)
  if (found !== undefined) return found
  const read = readYear(zone, year)
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(key, read)
  return read
}

// Day by day: no zone has changed its clocks twice within a day since 1950.
function readYear(zone: string, year: number): ZoneYear {
  const offset = offsetReader(zone)
  const end = Date.UTC(year + 1, 0, 1)
  const transitions: Transition[] = []
  let from = Date.UTC(year, 0, 1) - SECOND_MS
  let before = offset(from)
  const first = before
  while (from < end - SECOND_MS) {
    const to = Math.min(from + DAY_MS, end - SECOND_MS)
    const after = offset(to)
    if (after !== before) transitions.push({ at: bisect(offset, from, to), before, after })
    from = to
    before = after
  }
  return { first, transitions }
}

/** The first second in (from, to] at which the offset is another than at `from`. */
function bisect(offset: (instant: number) => number, from: number, to: number): number {
  const before = offset(from)
  let [low, high] = [from / SECOND_MS, to / SECOND_MS]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offset(middle * SECOND_MS) === before) low = middle
    else high = middle
  }
  return high * SECOND_MS
}

function offsetReader(zone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  return (instant) => readOffset(format.format(instant))
}

/** Reads `1/2/2026, GMT-03:30`; zero is written `GMT` alone. */
function readOffset(text: string): number {
  const [, sign, hours = '0', minutes = '0', seconds = '0'] =
    /GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/.exec(text) ?? []
  const size = (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * SECOND_MS
  return sign === '-' ? -size : size
}
