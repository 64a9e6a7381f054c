import { GleanerError } from '../core/errors.ts'
import { START_WITH_OPTIONS } from '../core/packaged.ts'

/** Every complaint about a configuration, in one error. */
export function configError(problems: readonly string[]): GleanerError {
  return new GleanerError(
    'invalid',
    'ERROR_CONFIGURATION',
    `the configuration cannot be used, and nothing was started:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\nSee ${START_WITH_OPTIONS} --help`,
  )
}
