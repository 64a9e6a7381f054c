import { format } from 'node:util'
import { createLog } from '../log.ts'

/** Sends what libraries print by `console` to the log. Stdout belongs to the ready line. */
export function redirectConsole(): void {
  const log = createLog({ base: { source: 'console' } })
  for (const level of ['debug', 'info', 'warn', 'error'] as const) {
    console[level] = (...parts: unknown[]) => log[level](format(...parts))
  }
  console.log = console.info
  console.trace = console.debug
}
