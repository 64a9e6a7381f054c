/** A log for tests that are not about what is logged. */
export const silentLog = {
  debug() {},
  info() {},
  warn() {},
  error() {},
}
