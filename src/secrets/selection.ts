/**
 * Which secrets a collector may use; '' selects nothing by that selector. Several together are an
 * intersection.
 */
export type SecretSelection = {
  readonly secretId: string
  readonly secretGroupId: string
  readonly provider: string
  readonly serviceAccountId: string
}

/** The selectors as the contract names them. */
export const SELECTORS = {
  secretId: 'plugin_info.secret_id',
  secretGroupId: 'plugin_info.secret_group_id',
  provider: 'plugin_info.provider',
  serviceAccountId: 'plugin_info.service_account_id',
} as const satisfies Record<keyof SecretSelection, string>

export const NO_SELECTION: SecretSelection = {
  secretId: '',
  secretGroupId: '',
  provider: '',
  serviceAccountId: '',
}

/** Whether a selection names anything. */
export function isSelective(selection: SecretSelection): boolean {
  return describeSelection(selection) !== ''
}

/** `plugin_info.provider 'acme', plugin_info.secret_group_id 'secret-grp-1'`; '' for none. */
export function describeSelection({
  secretId,
  secretGroupId,
  provider,
  serviceAccountId,
}: SecretSelection): string {
  const named = [
    [SELECTORS.secretId, secretId],
    [SELECTORS.secretGroupId, secretGroupId],
    [SELECTORS.provider, provider],
    [SELECTORS.serviceAccountId, serviceAccountId],
  ] as const
  return named
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key} '${value}'`)
    .join(', ')
}
