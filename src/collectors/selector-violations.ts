import type { GleanerError } from '../core/errors.ts'
import { tooLong } from '../core/field-violations.ts'
import type { SecretSelection } from '../secrets/index.ts'

const MAX_CHARACTERS = 40

/** What speaks against the texts of a choice of secrets, whether or not there is anything of these ids. */
export function selectorViolations({
  secretId = '',
  secretGroupId = '',
  provider = '',
  serviceAccountId = '',
}: Partial<SecretSelection>): GleanerError[] {
  return [
    ...tooLong('plugin_info.secret_id', secretId, MAX_CHARACTERS),
    ...tooLong('plugin_info.secret_group_id', secretGroupId, MAX_CHARACTERS),
    ...tooLong('plugin_info.provider', provider, MAX_CHARACTERS),
    ...tooLong('plugin_info.service_account_id', serviceAccountId, MAX_CHARACTERS),
  ]
}
