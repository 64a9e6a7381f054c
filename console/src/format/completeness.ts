import { countOf, formatCount } from './count.ts'

/**
 * How many lists are complete: `All 9 lists complete`, `2 of 9 lists incomplete`, `2 of 9 lists incomplete, 1
 * of them accepted`. The one way in which every page says it.
 */
export function completenessOf(completeCount: number, totalCount: number, acceptedCount = 0): string {
  const missing = totalCount - completeCount
  if (missing > 0)
    return `${formatCount(missing)} of ${countOf(totalCount, 'list')} incomplete${acceptedOf(acceptedCount, missing)}`
  return totalCount === 1 ? '1 list complete' : `All ${countOf(totalCount, 'list')} complete`
}

function acceptedOf(accepted: number, missing: number): string {
  if (accepted === 0) return ''
  if (accepted < missing) return `, ${formatCount(accepted)} of them accepted`
  return missing === 1 ? ', which is accepted' : ', all of them accepted'
}

/**
 * The cause alone, where a reason of the server gives one: what goes before it is what the state says
 * already.
 */
export function causeOf(reason: string, state: string): string {
  const cause = REPEATS_STATE.exec(reason)?.groups?.cause ?? reason
  return cause.startsWith(`${state}: `) ? cause.slice(state.length + 2) : cause
}

const REPEATS_STATE =
  /^(?:the newest run did not list it completely|it was never listed completely) \((?<cause>.*)\)$/s
