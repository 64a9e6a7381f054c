import type { JsonObject } from '@bufbuild/protobuf'
import { type GleanerError, InvalidParameter } from '../core/errors.ts'
import type { SecretSelection } from './collector.ts'

/** A secret a task is planned for. Every field is '' for a plugin that needs none. */
export type SelectedSecret = {
  readonly secretId: string
  readonly provider: string
  readonly serviceAccountId: string
  readonly projectId: string
}

const NO_SECRET: SelectedSecret = { secretId: '', provider: '', serviceAccountId: '', projectId: '' }

const SELECTORS = {
  secretId: 'plugin_info.secret_id',
  secretGroupId: 'plugin_info.secret_group_id',
  provider: 'plugin_info.provider',
  serviceAccountId: 'plugin_info.service_account_id',
} as const satisfies Record<keyof SecretSelection, string>

/** What speaks against a selection: this server keeps no secrets yet, so that a selector could only select nothing. */
export function selectionViolations(selection: SecretSelection): GleanerError[] {
  const reason = 'this server keeps no secrets yet, so nothing can be selected. Leave it empty'
  return selectorsOf(selection).map((key) => new InvalidParameter(key, reason))
}

/** Refuses a plugin that cannot run without a secret. */
export function assertNeedsNoSecret(pluginId: string, capability: JsonObject): void {
  const schemas = capability.supported_schema
  if (!Array.isArray(schemas) || schemas.length === 0) return
  const names = schemas.filter((schema) => typeof schema === 'string').join(', ')
  throw new InvalidParameter(
    'plugin_info.plugin_id',
    `plugin '${pluginId}' needs a secret of schema ${names}, and this server keeps no secrets yet. Choose a plugin that needs none`,
  )
}

/** The secrets one run uses: the collector's selection, narrowed to the one the request names. */
export function selectSecrets(requestedId: string): readonly SelectedSecret[] {
  if (requestedId === '') return [NO_SECRET]
  const reason = `the collector uses no secret, so '${requestedId}' is none of its choice. Leave it empty`
  throw new InvalidParameter('secret_id', reason)
}

function selectorsOf(selection: SecretSelection): readonly string[] {
  return Object.entries(SELECTORS)
    .filter(([name]) => Reflect.get(selection, name) !== '')
    .map(([, key]) => key)
}
