/**
 * What may be read over a shoulder: names that say who asks, where and as whom, and prove nothing. Whatever
 * is not named here is masked, also what only looks like it: a `secret_id` is a password, and a
 * `database_url` may hold one.
 */
const OPEN: ReadonlySet<string> = new Set([
  'access_key_id',
  'account_external_id',
  'account_id',
  'aws_access_key_id',
  'client_id',
  'context',
  'external_id',
  'header_name',
  'host',
  'port',
  'profile',
  'project_id',
  'region',
  'role_arn',
  'roles',
  'server',
  'shared_config_file',
  'shared_credentials_file',
  'subscription_id',
  'tenant_id',
  'user',
  'username',
  'web_identity_role_arn',
  'web_identity_token_file',
])
/** Names of what has several lines. */
const LONG = /(?:^|_)(?:ca|certificate|key|pem|json|kubeconfig)$/

/**
 * How a value of a secret is typed: `open` for all to see, `line` masked, `lines` so too. What is not known
 * to be open is not.
 */
export function maskOf(name: string): 'open' | 'line' | 'lines' {
  if (OPEN.has(name)) return 'open'
  return LONG.test(name) && !/access_key$/.test(name) ? 'lines' : 'line'
}

const LIKELY = /access_key|password|username|secret|kubeconfig|role_arn$|token$/

/** Whether most who store a secret of this form give this value. */
export function isLikely(name: string): boolean {
  return LIKELY.test(name)
}

/** Whether a value of this name may be there and empty; of others an empty field says that there is none. */
export function mayBeEmpty(name: string): boolean {
  return /(?:^|_)password$/.test(name)
}
