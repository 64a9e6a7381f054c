import { type GleanerError, InvalidParameter, RequiredParameter, toError } from '../core/errors.ts'
import { nextDue } from './next-due.ts'
import { type Scheduled, toPlan } from './plan.ts'

const MAX_CRON_LENGTH = 1_024
const MAX_INTERVAL_S = 3_600

/**
 * What speaks against a plan, whatever the plugin supports. A caller's list may repeat a value, which means
 * nothing.
 */
export function planViolations(scheduled: Scheduled | undefined): readonly GleanerError[] {
  if (scheduled === undefined) return [new RequiredParameter('schedule')]
  const kinds = kindsOf(scheduled)
  if (kinds.length !== 1) {
    const given = kinds.length === 0 ? 'none is given' : `${kinds.join(' and ')} are given`
    const reason = `it takes exactly one of cron, interval, or minutes and hours; ${given}`
    return [new InvalidParameter('schedule', reason), ...rangeViolations(scheduled)]
  }
  return rangeViolations(scheduled)
}

// A negative interval was meant as one, and is told so.
function kindsOf({ cron, interval, minutes, hours }: Scheduled): readonly string[] {
  const given = {
    cron: cron !== '',
    interval: interval !== 0,
    'minutes or hours': minutes.length + hours.length > 0,
  }
  return Object.entries(given).flatMap(([kind, isGiven]) => (isGiven ? [kind] : []))
}

function rangeViolations({ cron, interval, minutes, hours }: Scheduled): readonly GleanerError[] {
  return [
    ...(cron === '' ? [] : cronViolations(cron)),
    ...(interval === 0 ? [] : outside('schedule.interval', [interval], 1, MAX_INTERVAL_S)),
    ...outside('schedule.minutes', minutes, 0, 59),
    ...outside('schedule.hours', hours, 0, 23),
    ...tooMany('schedule.minutes', minutes, 60),
    ...tooMany('schedule.hours', hours, 24),
  ]
}

function outside(key: string, values: readonly number[], min: number, max: number): readonly GleanerError[] {
  const wrong = values.filter((value) => !Number.isInteger(value) || value < min || value > max)
  if (wrong.length === 0) return []
  const shown = wrong.slice(0, 5).join(', ')
  return [new InvalidParameter(key, `${shown}: not from ${min} to ${max}`)]
}

// A list may repeat values, but one longer than there are values is a mistake, or an attack.
function tooMany(key: string, values: readonly number[], max: number): readonly GleanerError[] {
  if (values.length <= max) return []
  return [new InvalidParameter(key, `it has ${values.length} values, and there are only ${max}`)]
}

function cronViolations(cron: string): readonly GleanerError[] {
  const reason = cronProblem(cron)
  return reason === undefined ? [] : [new InvalidParameter('schedule.cron', reason)]
}

function cronProblem(cron: string): string | undefined {
  if (cron.length > MAX_CRON_LENGTH)
    return `it is ${cron.length} characters long, at most ${MAX_CRON_LENGTH} are read`
  const fields = cron.trim().split(/\s+/).length
  if (fields < 5 || fields > 6)
    return 'it takes five fields (minute, hour, day of month, month, day of week), or six with seconds before them'
  try {
    const plan = toPlan({ ...NOTHING, cron }, { timeZone: 'UTC', countsFrom: EPOCH })
    return nextDue(plan, EPOCH) === undefined ? 'there is no such day, so it would never run' : undefined
  } catch (thrown) {
    return toError(thrown).message.replace(/^CronPattern: /, '')
  }
}

const NOTHING: Scheduled = { cron: '', interval: 0, minutes: [], hours: [] }
const EPOCH = new Date('2000-01-01T00:00:00Z')
