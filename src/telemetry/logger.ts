import { isatty } from 'node:tty'
import { destination, pino, stdSerializers } from 'pino'
import { lineWriter } from './human-lines.ts'
import { redact } from './redact.ts'

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
type LogLevel = (typeof LOG_LEVELS)[number]

export type LoggerOptions = {
  /** Lines below this level are dropped. Default `info`. */
  readonly level?: LogLevel
  /** `human` is one readable line, `json` one object a line. Default `human` when stderr is a terminal. */
  readonly format?: 'human' | 'json'
  /** Where lines go, by default stderr: stdout belongs to what a command prints as its result. */
  readonly write?: (line: string) => void
}

/**
 * What is kept of lines that cannot be written, to be written when that works again; what comes after that is
 * lost.
 */
const MOST_WAITING_BYTES = 1024 * 1024

type Log = (fields: object, message: string) => void

/** What features know as `Logger`, spelled out: this folder stands below theirs. */
export type StructuredLogger = { readonly [level in Exclude<LogLevel, 'silent'>]: Log }

/**
 * The process's logger. Fields whose name says they are secret are masked at any depth, errors are kept
 * whole.
 */
export function createLogger(options: LoggerOptions = {}): StructuredLogger {
  const format = options.format ?? (isatty(2) ? 'human' : 'json')
  const stderr = destination({ dest: 2, sync: true, maxLength: MOST_WAITING_BYTES })
  // Where nothing can be written, as on a full disk, whoever logs must not fail for it.
  stderr.on('error', () => {})
  const write = options.write ?? ((line: string) => stderr.write(line))
  const logger = pino(
    {
      level: options.level ?? 'info',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: redact },
      serializers: { err: stdSerializers.err },
    },
    { write: format === 'human' ? lineWriter(write) : write },
  )
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  }
}
