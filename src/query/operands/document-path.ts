import type { Params } from '../params.ts'

/** Where a path ends inside a document, as SQL. */
export type PathEnd = {
  /**
   * Set-returning functions that stand in a `from`, one for each list or object a number picks out of; often
   * none.
   */
  readonly from: readonly string[]
  /** The JSON value that `path` starts at. */
  readonly base: string
  /** The rest of the path as jsonpath, from `base`. */
  readonly path: string
}

/**
 * Splits a path at its numbers. jsonpath walks names, through lists on the way; it cannot say "index of a
 * list, key of an object", but `#>` does, so each number is a `#>` on everything that the names before it
 * lead to.
 */
export function endOfPath(sql: string, steps: readonly string[], params: Params): PathEnd {
  const from: string[] = []
  let base = sql
  let names: string[] = []
  for (const [at, step] of steps.entries()) {
    if (!isNumber(step)) {
      names.push(step)
      continue
    }
    if (names.length > 0) {
      const alias = `s${from.length}`
      from.push(
        `jsonb_path_query(${base}, ${params.add(toJsonPath(names))}::jsonpath, '{}', true) as ${alias} (value)`,
      )
      base = `${alias}.value`
      names = []
    }
    if (isNumber(steps[at - 1] ?? '')) continue
    base = `(${base} #> ${params.add(numbersFrom(steps, at))}::text[])`
  }
  return { from, base, path: toJsonPath(names) }
}

/**
 * The same for a path whose first step is `*`, any key of the map; what follows is a key, also when it is a
 * number.
 */
export function endBehindAnyKey(sql: string, [, ...names]: readonly string[]): PathEnd {
  return { from: [], base: sql, path: `${toJsonPath([])}.*${stepsInPath(names)}` }
}

function numbersFrom(steps: readonly string[], start: number): readonly string[] {
  const end = steps.findIndex((step, at) => at > start && !isNumber(step))
  return steps.slice(start, end === -1 ? steps.length : end)
}

function isNumber(step: string): boolean {
  return /^\d+$/.test(step)
}

function toJsonPath(names: readonly string[]): string {
  return `lax $${stepsInPath(names)}`
}

function stepsInPath(names: readonly string[]): string {
  return names.map((name) => `.${JSON.stringify(name)}`).join('')
}
