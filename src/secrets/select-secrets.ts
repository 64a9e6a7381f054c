import { FailedPrecondition, InvalidParameter } from '../core/errors.ts'
import { shown } from '../core/shown.ts'
import type { Sql } from '../storage/index.ts'
import { describeSelection, isSelective, type SecretSelection } from './selection.ts'
import { type Candidate, findCandidates } from './sql/find-candidates.ts'

/** A secret a task is planned for. Every field is '' for a plugin that needs none. */
export type SelectedSecret = {
  readonly secretId: string
  readonly provider: string
  readonly serviceAccountId: string
  readonly projectId: string
}

export type SelectSecretsInput = {
  readonly domainId: string
  readonly selection: SecretSelection
  /** A private collector uses only secrets of its project. */
  readonly isPublic: boolean
  readonly collectorProjectId: string
  /** `capability.supported_schema` of the plugin; empty for one that needs no secret. */
  readonly supportedSchemas: readonly string[]
  /** The one secret that the request names; '' for all of the selection. */
  readonly requestedId: string
}

const NO_SECRET: SelectedSecret = { secretId: '', provider: '', serviceAccountId: '', projectId: '' }

/**
 * The secrets one run uses, at least one: those that every selector agrees on, that a private collector may
 * use, and whose schema the plugin supports; narrowed to the one the request names. A plugin that needs none
 * gets an empty one. What speaks against a run is thrown: a caller's mistake as INVALID_ARGUMENT, a choice
 * that is empty now as NoSecretSelected.
 */
export async function selectSecrets(sql: Sql, input: SelectSecretsInput): Promise<readonly SelectedSecret[]> {
  const { domainId, selection, requestedId } = input
  if (!isSelective(selection)) return [selectNone(input)]
  const candidates = await findCandidates(sql, domainId, selection)
  const usable = candidates.filter((candidate) => reasonAgainst(candidate, input) === undefined)
  if (usable.length === 0)
    throw new NoSecretSelected(describeSelection(selection), explain(candidates, input))
  if (requestedId === '') return usable.map(toSelected)
  const requested = usable.find(({ secretId }) => secretId === requestedId)
  if (requested === undefined) throw notSelected(requestedId, candidates, input)
  return [toSelected(requested)]
}

/** A selector selects nothing now: by hand that is the caller's answer, on schedule the error of a job. */
export class NoSecretSelected extends FailedPrecondition {
  constructor(selection: string, explanation: string) {
    super(
      'ERROR_NO_SECRET',
      `${selection} selects no secret: ${explanation}. Nothing was collected, and nothing counts as gone. Add a secret that fits, or change the collector's choice`,
    )
  }
}

/** What speaks against a collector that selects no secret, for a plugin that needs one. */
export function missingSelection(supportedSchemas: readonly string[]): InvalidParameter | undefined {
  if (supportedSchemas.length === 0) return undefined
  return new InvalidParameter(
    'plugin_info',
    `the plugin needs a secret of schema ${supportedSchemas.join(' or ')}, and nothing says which. Name secret_id, secret_group_id, provider or service_account_id`,
  )
}

function selectNone({ supportedSchemas, requestedId }: SelectSecretsInput): SelectedSecret {
  const missing = missingSelection(supportedSchemas)
  if (missing !== undefined) throw missing
  if (requestedId === '') return NO_SECRET
  const reason = `the collector uses no secret, so '${shown(requestedId)}' is none of its choice. Leave it empty`
  throw new InvalidParameter('secret_id', reason)
}

// A secret without a schema claims nothing, and may fit.
function reasonAgainst(
  { projectId, schema }: Candidate,
  { isPublic, collectorProjectId, supportedSchemas }: SelectSecretsInput,
): 'project' | 'schema' | undefined {
  if (!isPublic && projectId !== collectorProjectId) return 'project'
  if (schema !== '' && supportedSchemas.length > 0 && !supportedSchemas.includes(schema)) return 'schema'
  return undefined
}

function explain(candidates: readonly Candidate[], input: SelectSecretsInput): string {
  if (candidates.length === 0) return 'there is none like that'
  const { collectorProjectId, supportedSchemas } = input
  const foreign = candidates.filter((candidate) => reasonAgainst(candidate, input) === 'project').length
  const unfit = candidates.length - foreign
  const reasons = [
    foreign > 0 && `${foreign} belong to other projects than the collector's '${collectorProjectId}'`,
    unfit > 0 && `${unfit} have another schema than the plugin's ${supportedSchemas.join(' or ')}`,
  ]
  return `of ${candidates.length} like that, ${reasons.filter((reason) => reason !== false).join(', ')}`
}

function notSelected(
  requestedId: string,
  candidates: readonly Candidate[],
  input: SelectSecretsInput,
): InvalidParameter {
  const candidate = candidates.find(({ secretId }) => secretId === requestedId)
  const reason = candidate && reasonAgainst(candidate, input)
  const why =
    reason === 'project'
      ? `it belongs to another project than the collector's '${input.collectorProjectId}'`
      : reason === 'schema'
        ? `its schema is none of the plugin's ${input.supportedSchemas.join(', ')}`
        : `${describeSelection(input.selection)} does not select it`
  return new InvalidParameter(
    'secret_id',
    `'${shown(requestedId)}' is none of the collector's choice: ${why}`,
  )
}

function toSelected({ secretId, provider, serviceAccountId, projectId }: Candidate): SelectedSecret {
  return { secretId, provider, serviceAccountId, projectId }
}
