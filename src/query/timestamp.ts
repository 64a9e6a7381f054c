/**
 * Reads a date or an instant in ISO 8601 (`2026-01-02`, `2026-01-02T03:04:05.678+02:00`); without a zone it
 * is UTC. Undefined for other text and for dates no calendar has. Digits after the milliseconds are dropped.
 */
export function parseTimestamp(text: string): Date | undefined {
  const found = ISO_8601.exec(text.trim())
  if (found === null) return undefined
  const part = (index: number): number => Number(found[index] ?? 0)
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)]
  const millisecond = Number((found[7] ?? '').slice(0, 3).padEnd(3, '0'))
  if (year === 0 || hour > 23 || minute > 59 || second > 59) return undefined
  const offset = offsetMinutes(found[8])
  if (offset === undefined) return undefined
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  // A day that the month does not have lands in another month.
  if (date.getUTCMonth() !== month - 1) return undefined
  date.setUTCHours(hour, minute - offset, second, millisecond)
  return isWithinFourDigits(date) ? date : undefined
}

const ISO_8601 =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?([Zz]|[+-]\d{2}(?::?\d{2})?)?)?$/

function offsetMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z' || zone === 'z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(3).replace(':', ''))
  if (hours > 15 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

function isWithinFourDigits(date: Date): boolean {
  const year = date.getUTCFullYear()
  return year >= 1 && year <= 9999
}
