import type { Redact } from './redact.ts'

export type LogFields = { readonly [key: string]: unknown }

/** Writes one JSON object a line to stderr; stdout belongs to the ready line. */
export type Log = {
  readonly debug: (message: string, fields?: LogFields) => void
  readonly info: (message: string, fields?: LogFields) => void
  readonly warn: (message: string, fields?: LogFields) => void
  readonly error: (message: string, fields?: LogFields) => void
}

type LogOptions = { readonly base?: LogFields; readonly redact?: Redact }

/** A log whose lines carry the given base fields, with the values of a secret blanked out. */
export function createLog({ base = {}, redact = (text) => text }: LogOptions = {}): Log {
  const at = (level: string) => (message: string, fields?: LogFields) => {
    const line = { time: new Date().toISOString(), level, message, ...base, ...fields }
    process.stderr.write(`${toJson(line, redact)}\n`)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/**
 * Strings are blanked before they are escaped, or a key with line breaks would slip through. A field that
 * cannot be written as JSON must not turn a log line into a failure.
 */
function toJson(line: LogFields, redact: Redact): string {
  try {
    return JSON.stringify(line, (_, value) => {
      if (typeof value === 'string') return redact(value)
      if (typeof value === 'bigint') return String(value)
      return value instanceof Error ? redact(value.stack ?? value.message) : value
    })
  } catch (error) {
    const { time, level } = line
    return JSON.stringify({ time, level, message: redact(String(line.message)), unloggable: String(error) })
  }
}
