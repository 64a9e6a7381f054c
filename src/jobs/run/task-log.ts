import type { TaskError } from '../../inventory/index.ts'

/** Lines of a plugin's log that an error of its task may hold. */
export const MAX_LOGGED_LINES = 10

/** Characters kept of one line. */
const MAX_LINE = 300

/** Of all lines as JSON: little enough to be kept with the error, whatever characters they are made of. */
const MAX_LOG = 3_000

/** An error with the last that the plugin logged before it: the newest lines that fit, oldest first. */
export function withLog(error: TaskError, lines: readonly string[]): TaskError {
  const kept: string[] = []
  let room = MAX_LOG
  for (const line of lines.slice(-MAX_LOGGED_LINES).toReversed()) {
    const short = line.slice(0, MAX_LINE)
    room -= JSON.stringify(short).length
    if (room < 0) break
    kept.unshift(short)
  }
  return kept.length === 0 ? error : { ...error, additional: { ...error.additional, plugin_log: kept } }
}
