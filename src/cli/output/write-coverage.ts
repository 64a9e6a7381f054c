import type { CliContext } from '../cli-context.ts'
import type { JsonObject } from '../client.ts'
import { EXIT, type ExitCode, UsageError } from '../failures.ts'
import { renderCoverageLine } from './coverage-line.ts'

/** What `--strict` does, for its help. */
export const STRICT = [
  '--strict',
  'exit code 4 where not everything that is asked for is known; not with --as-of',
] as const

export type Strictness = { readonly asOf?: string | undefined; readonly strict?: boolean | undefined }

/** Refuses `--strict` of the past. */
export function assertPresent({ asOf, strict }: Strictness): void {
  if (asOf !== undefined && strict)
    throw new UsageError('--strict does not go with --as-of: how complete the inventory was then is not kept')
}

/**
 * Says how complete an answer is, and gives the exit code of that. It stands below a table. Beside a document of the API, which stays
 * as it was written, it is a notice, and only where something is not known.
 */
export function writeCoverage(ctx: CliContext, coverage: JsonObject | undefined, strict = false): ExitCode {
  if (!ctx.isJson) ctx.out.write(renderCoverageLine(coverage, ctx))
  else if (coverage?.complete !== true) noteCoverage(ctx, coverage)
  return coverageExit(ctx, coverage, strict)
}

/** Says it beside whatever is written: always as a notice. */
export function noteCoverage(ctx: CliContext, coverage: JsonObject | undefined): void {
  ctx.notices.write(renderCoverageLine(coverage, { ...ctx, paint: ctx.paintNotices }))
}

/** The exit code of an answer that is as complete as this; what is not said in the line is said here. */
export function coverageExit(ctx: CliContext, coverage: JsonObject | undefined, strict = false): ExitCode {
  if (!strict || coverage?.complete === true) return EXIT.success
  if (renderCoverageLine(coverage, ctx) === '')
    ctx.notices.write(`${ctx.paintNotices('yellow', NOBODY_LOOKED)}\n`)
  return EXIT.incomplete
}

const NOBODY_LOOKED = 'Incomplete: no collector has looked for this, or the server does not tell.'
