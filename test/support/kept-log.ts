/** A log for tests about what is logged: each line with its fields before it. */
export function keptLog() {
  const logged: string[] = []
  const keep = (fields: object, message: string) => logged.push(`${JSON.stringify(fields)} ${message}`)
  return { logged, log: { debug: keep, info: keep, warn: keep, error: keep } }
}
