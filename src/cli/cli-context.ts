import type { Clock } from '../core/clock.ts'
import type { Client } from './client.ts'
import type { Paint } from './output/paint.ts'

/** One of the two outputs of the process. */
export type Output = {
  write(text: string): void
  /** Columns and rows of the terminal; `undefined` when the output is a file or another program. */
  readonly size: () => { readonly columns: number; readonly rows: number } | undefined
}

/** What a command works with; everything that touches the process comes in here. */
export type CliContext = {
  readonly client: Client
  /** '' where an API key says which it is. */
  readonly domainId: string
  /** True prints the API's JSON instead of tables. */
  readonly isJson: boolean
  /** Results: tables, or the JSON document. */
  readonly out: Output
  /** Everything about the way there: progress, notices, errors. */
  readonly notices: Output
  readonly paint: Paint
  readonly paintNotices: Paint
  readonly now: Clock
  /** Ends when the user interrupts. */
  readonly signal: AbortSignal
  /** Milliseconds a watched server may stay away before watching ends. */
  readonly patienceMs: number
}
