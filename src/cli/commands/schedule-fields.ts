import { type Command, InvalidArgumentError } from 'commander'
import type { JsonObject } from '../client.ts'
import { COLLECT_FILTER, gatherFilter } from '../collect-filter.ts'
import { oneOf, wholeNumber } from '../command-line.ts'
import { UsageError } from '../failures.ts'

/** What can be said of a schedule when it is added or changed. */
export type ScheduleFields = {
  readonly cron?: string
  readonly every?: number
  readonly hours?: readonly number[]
  readonly minutes?: readonly number[]
  readonly name?: string
  readonly mode?: string
  readonly timeZone?: string
  /** False takes the filter away. */
  readonly filter?: Readonly<Record<string, unknown>> | false
}

/** Adds the options that adding and changing have in common. */
export function withScheduleFields(command: Command): Command {
  return command
    .option('--cron <fields>', 'five fields, or six with seconds first')
    .option('--every <seconds>', '1 to 3600', wholeNumber(1, 3_600))
    .option('--hours <list>', 'hours of the day, 3,15', numbers)
    .option('--minutes <list>', 'minutes of the hour; without --hours every hour', numbers)
    .option('--time-zone <name>', 'where --cron, --hours and --minutes are read; default UTC')
    .option('--mode <mode>', 'ALL, CREATE (only add) or UPDATE (only change); default ALL', oneOf(MODES))
    .option('--filter <condition>', COLLECT_FILTER, gatherFilter)
    .option('--name <name>', 'name for people')
}

const MODES = ['ALL', 'CREATE', 'UPDATE']

/**
 * The same in the fields of the API; what was not given is left out, the plan as a whole when no part of it
 * was.
 */
export function toScheduleRequest(fields: ScheduleFields): JsonObject {
  const { cron, every, hours, minutes, name, mode, timeZone, filter } = fields
  if (every !== undefined && timeZone !== undefined)
    throw new UsageError('--every counts seconds, which are the same in every --time-zone. Leave one out.')
  const plan = {
    ...(cron !== undefined && { cron }),
    ...(every !== undefined && { interval: every }),
    ...(hours !== undefined && { hours }),
    ...(minutes !== undefined && { minutes }),
  }
  return {
    ...(Object.keys(plan).length > 0 && { schedule: plan }),
    ...(name !== undefined && { name }),
    ...(mode !== undefined && { collect_mode: mode }),
    ...(filter !== undefined && { filter: filter === false ? {} : filter }),
  }
}

function numbers(text: string): readonly number[] {
  const list = text.split(',').map((part) => part.trim())
  if (list.every((part) => /^\d{1,2}$/.test(part))) return list.map(Number)
  throw new InvalidArgumentError('It must be numbers with commas between them: 3,15.')
}
