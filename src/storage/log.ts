/**
 * What storage logs to; the server's logger fits it. Fields carry ids and paths, never documents or
 * passwords.
 */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
