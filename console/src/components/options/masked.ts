/** Names of what is no secret in itself, whatever it stands beside: ids, addresses, paths, roles, users. */
const OPEN = /(?:^|_)(?:id|arn|file|profile|url|server|context|username|user|host|port|region)$/
/** Names of what has several lines. */
const LONG = /(?:^|_)(?:ca|certificate|key|pem|json|kubeconfig)$/

/** How a value of a secret is typed: `open` for all to see, `line` as a password is, `lines` so too. What is not known to be open is not. */
export function maskOf(name: string): 'open' | 'line' | 'lines' {
  if (OPEN.test(name)) return 'open'
  return LONG.test(name) && !/access_key$/.test(name) ? 'lines' : 'line'
}

const LIKELY = /access_key|password|username|secret|kubeconfig|role_arn$|token$/

/** Whether most who store a secret of this form give this value. */
export function isLikely(name: string): boolean {
  return LIKELY.test(name)
}
