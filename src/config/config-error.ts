import { GleanerError } from '../core/errors.ts'

/** Every complaint about a configuration, in one error. */
export function configError(problems: readonly string[]): GleanerError {
  return new GleanerError(
    'invalid',
    'ERROR_CONFIGURATION',
    `the configuration cannot be used, and nothing was started:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\nSee npm start -- --help`,
  )
}
