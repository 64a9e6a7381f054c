import type { CliContext } from '../cli-context.ts'
import type { JsonObject } from '../client.ts'
import { EXIT, type ExitCode, UsageError } from '../failures.ts'
import { renderCoverageLine } from './coverage-line.ts'

/** What `--strict` does, for its help. */
export const STRICT = [
  '--strict',
  'exit code 4 where not everything that is asked for is known, or accepted as a gap; not with --as-of',
] as const

/** What `--ignore-acceptances` does, for its help. */
export const IGNORE_ACCEPTANCES = [
  '--ignore-acceptances',
  'exit code 4 where anything is not known, also where that is accepted',
] as const

export type Strictness = {
  readonly asOf?: string | undefined
  readonly strict?: boolean | undefined
  /** Gaps that are accepted count like all others; strict by itself. */
  readonly ignoreAcceptances?: boolean | undefined
}

/** Refuses `--strict` of the past. */
export function assertPresent({ asOf, ...strictness }: Strictness): void {
  if (asOf !== undefined && isStrict(strictness))
    throw new UsageError('--strict does not go with --as-of: how complete the inventory was then is not kept')
}

/**
 * Says how complete an answer is, and gives the exit code of that. It stands below a table. Beside a document
 * of the API, which stays as it was written, it is a notice, and only where something is not known.
 */
export function writeCoverage(
  ctx: CliContext,
  coverage: JsonObject | undefined,
  strictness: Strictness = {},
): ExitCode {
  if (!ctx.isJson) ctx.out.write(renderCoverageLine(coverage, ctx))
  else if (coverage?.complete !== true) noteCoverage(ctx, coverage)
  return coverageExit(ctx, coverage, strictness)
}

/** Says it beside whatever is written: always as a notice. */
export function noteCoverage(ctx: CliContext, coverage: JsonObject | undefined): void {
  ctx.notices.write(renderCoverageLine(coverage, { ...ctx, paint: ctx.paintNotices }))
}

/** The exit code of an answer that is as complete as this; what is not said in the line is said here. */
export function coverageExit(
  ctx: CliContext,
  coverage: JsonObject | undefined,
  strictness: Strictness = {},
): ExitCode {
  if (!isStrict(strictness) || isKnown(coverage, strictness)) return EXIT.success
  if (renderCoverageLine(coverage, ctx) === '')
    ctx.notices.write(`${ctx.paintNotices('yellow', NOBODY_LOOKED)}\n`)
  return EXIT.incomplete
}

function isStrict({ strict, ignoreAcceptances }: Strictness): boolean {
  return strict === true || ignoreAcceptances === true
}

/**
 * Whether all of it is complete, or accepted unless that is ignored. An older server tells nothing of what is
 * accepted.
 */
export function isKnown(coverage: JsonObject | undefined, { ignoreAcceptances }: Strictness): boolean {
  return (
    coverage?.complete === true || (coverage?.complete_or_accepted === true && ignoreAcceptances !== true)
  )
}

const NOBODY_LOOKED = 'Incomplete: no collector has looked for this, or the server does not tell.'
