/**
 * Reads a time relative to `now`: `now`, `now/d` (midnight), `now/w` (Monday, midnight) or `now/m` (the first
 * of the month), all in UTC, then perhaps `+` or `-`, a whole number and a unit s, m, h, d or w: `now/d -
 * 7d`. Undefined for other text and for moments outside the years 1 to 9999.
 */
export function parseRelativeTime(text: string, now: Date): Date | undefined {
  const found = RELATIVE_TIME.exec(text.trim())
  if (found === null) return undefined
  const [, unit, sign, count = '0', step = 's'] = found
  const distance = Number(count) * (STEP_MS[step] ?? Number.NaN)
  const moment = new Date(startOf(unit, now).getTime() + (sign === '-' ? -distance : distance))
  const year = moment.getUTCFullYear()
  return year >= 1 && year <= 9999 ? moment : undefined
}

function startOf(unit: string | undefined, now: Date): Date {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()]
  if (unit === 'd') return new Date(Date.UTC(year, month, day))
  if (unit === 'w') return new Date(Date.UTC(year, month, day - ((now.getUTCDay() + 6) % 7)))
  if (unit === 'm') return new Date(Date.UTC(year, month, 1))
  return now
}

const RELATIVE_TIME = /^now(?:\s*\/\s*([dwm]))?(?:\s*([+-])\s*(\d{1,12})\s*([smhdw]))?$/
const SECOND = 1_000
const STEP_MS: Readonly<Record<string, number>> = {
  s: SECOND,
  m: 60 * SECOND,
  h: 3_600 * SECOND,
  d: 86_400 * SECOND,
  w: 604_800 * SECOND,
}
