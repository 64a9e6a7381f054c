import { countOf, formatCount } from './count.ts'

/** How many lists are complete: `All 9 lists complete`, `2 of 9 lists incomplete`. The one way in which every page says it. */
export function completenessOf(completeCount: number, totalCount: number): string {
  const missing = totalCount - completeCount
  if (missing > 0) return `${formatCount(missing)} of ${countOf(totalCount, 'list')} incomplete`
  return totalCount === 1 ? '1 list complete' : `All ${countOf(totalCount, 'list')} complete`
}

/** The cause alone, where a reason of the server gives one: what goes before it is what the state says already. */
export function causeOf(reason: string, state: string): string {
  const cause = REPEATS_STATE.exec(reason)?.groups?.cause ?? reason
  return cause.startsWith(`${state}: `) ? cause.slice(state.length + 2) : cause
}

const REPEATS_STATE =
  /^(?:the newest run did not list it completely|it was never listed completely) \((?<cause>.*)\)$/s
