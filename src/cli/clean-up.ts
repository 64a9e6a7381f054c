import type { CliContext } from './cli-context.ts'
import type { JsonObject } from './client.ts'
import { describeFailure } from './failures.ts'
import { escapeLines } from './output/escape.ts'

type CleanUp = {
  /** The method that removes what the first half of a command made, and its request. */
  readonly path: string
  readonly request: JsonObject
  /** What stays when it cannot be removed: `service account sa-0123456789ab`. */
  readonly made: string
}

/**
 * Removes what the first half of a command made, because the second half failed, also when the user has
 * interrupted it. Says so, or what is left behind when that fails, too. Always throws the failure of the
 * second half.
 */
export async function cleanUpAfter(
  thrown: unknown,
  { client, notices }: Pick<CliContext, 'client' | 'notices'>,
  { path, request, made }: CleanUp,
): Promise<never> {
  const outcome = await client.finish(path, request).then(
    () => `Removed again: ${made}.`,
    (second: unknown) => `Left behind: ${made}. ${describeFailure(second)}`,
  )
  notices.write(`${escapeLines(outcome)}\n`)
  throw thrown
}
