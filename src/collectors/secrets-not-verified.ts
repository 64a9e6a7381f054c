import { GleanerError } from '../core/errors.ts'

/** `secretId` is '' where a plugin that needs no secret was asked whether it works. */
export type FailedCheck = { readonly secretId: string; readonly failure: GleanerError }

/** An answer has room for some 2,000 characters; the rest are counted. */
const MAX_NAMED = 10
const MAX_WORDS = 300

/** The plugin found secrets that it cannot work with; each is named with the plugin's own words. */
export class SecretsNotVerified extends GleanerError {
  constructor({
    collectorId,
    failed,
    total,
  }: {
    readonly collectorId: string
    readonly failed: readonly FailedCheck[]
    readonly total: number
  }) {
    const isPassing = failed.every(({ failure }) => failure.retryable)
    const advice = isPassing ? 'Try again later' : 'Correct them or the choice, then verify again'
    super(
      isPassing ? 'unavailable' : 'failed_precondition',
      'ERROR_VERIFY_PLUGIN_FAILURE',
      `${describe(collectorId, failed, total)}. Nothing was changed. ${advice}`,
      { retryable: isPassing },
    )
  }
}

function describe(collectorId: string, failed: readonly FailedCheck[], total: number): string {
  const [first] = failed
  if (first?.secretId === '') return `the plugin of collector '${collectorId}' does not work: ${words(first)}`
  const named = failed.slice(0, MAX_NAMED).map((each) => `secret '${each.secretId}': ${words(each)}`)
  const others = failed.length > MAX_NAMED ? `; and ${failed.length - MAX_NAMED} more` : ''
  return `${failed.length} of ${total} secrets of collector '${collectorId}' did not pass: ${named.join('; ')}${others}`
}

function words({ failure: { message } }: FailedCheck): string {
  return message.length > MAX_WORDS ? `${message.slice(0, MAX_WORDS)}…` : message
}
