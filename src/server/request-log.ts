import type { Logger } from '../access/index.ts'

/** The same logger with these fields in every line. */
export function withFields(log: Logger, fixed: object): Logger {
  return {
    debug: (fields, message) => log.debug({ ...fixed, ...fields }, message),
    info: (fields, message) => log.info({ ...fixed, ...fields }, message),
    warn: (fields, message) => log.warn({ ...fixed, ...fields }, message),
    error: (fields, message) => log.error({ ...fixed, ...fields }, message),
  }
}
