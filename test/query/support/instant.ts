/** The milliseconds of text in ISO 8601, UTC unless it says otherwise; undefined for other text. */
export function instantOf(text: string): number | undefined {
  const [, date = '', clock = '00:00', second = ':00', fraction = '', zone = 'Z'] = SHAPE.exec(text) ?? []
  if (date === '' || Number.isNaN(Date.parse(`${date}T00:00Z`))) return undefined
  // The engine reads February 30 as March 2.
  if (new Date(`${date}T00:00Z`).toISOString().slice(0, 10) !== date) return undefined
  const millisecond = Number(fraction.slice(0, 4).padEnd(4, '0').slice(1))
  const instant = Date.parse(`${date}T${clock}${second}.${String(millisecond).padStart(3, '0')}${zone}`)
  return Number.isNaN(instant) || clock.startsWith('24') ? undefined : instant
}

const SHAPE = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?((?<=:\d\d:\d\d)\.\d+)?(Z|[+-]\d\d:\d\d)?)?$/

/** The milliseconds of `now/w - 3d` and its like. */
export function relativeInstant(text: string, now: Date): number {
  const [, unit = '', sign = '+', count = '0', step = 's'] =
    /^now(\/[dwm])?(?: ?([+-]) ?(\d+)([smhdw]))?$/.exec(text) ?? []
  const start = new Date(now)
  if (unit !== '') start.setUTCHours(0, 0, 0, 0)
  if (unit === '/m') start.setUTCDate(1)
  if (unit === '/w') while (start.getUTCDay() !== 1) start.setUTCDate(start.getUTCDate() - 1)
  const seconds = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }[step] ?? 0
  return start.getTime() + Number(`${sign}${count}`) * seconds * 1000
}
