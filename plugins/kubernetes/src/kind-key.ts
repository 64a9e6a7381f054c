/** Names a kind as kubectl does: the plural, and the API group behind a dot unless it is the core group. */
export function toKey(plural: string, group: string): string {
  return group === '' ? plural : `${plural}.${group}`
}

/**
 * Kinds that are not worth a history: what they hold changes by itself all the time, or the same objects are
 * served under another name as well.
 */
const NEVER = [
  'events',
  'events.events.k8s.io',
  'leases.coordination.k8s.io',
  'leasecandidates.coordination.k8s.io',
  'componentstatuses',
  '*.metrics.k8s.io',
  '*.custom.metrics.k8s.io',
  '*.external.metrics.k8s.io',
  '*.extensions',
]

/** Whether a kind is collected. A pattern is a key, or `*.` and an API group. */
export function isCollected(key: string, exclude: readonly string[]): boolean {
  const [plural = '', ...rest] = key.split('.')
  const wholeGroup = rest.length === 0 ? undefined : toKey('*', rest.join('.'))
  return ![...NEVER, ...exclude].some(
    (pattern) => pattern === key || pattern === wholeGroup || (pattern === plural && rest.length === 0),
  )
}
