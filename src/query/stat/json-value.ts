import type { Params } from '../params.ts'

/**
 * What a path finds in a document; null for what is absent or JSON null. A number as step is an index of a
 * list, or a key of that name. With `throughLists` a path that meets a list on its way gives the list of what
 * it finds in each element; nothing found is absent.
 */
export function jsonValue(
  sql: string,
  steps: readonly string[],
  params: Params,
  { throughLists }: { readonly throughLists: boolean },
): string {
  const direct = walk(sql, steps, params)
  if (!throughLists || steps.length === 0) return `nullif(${direct}, 'null')`
  const { head, path } = splitAtIndex(steps)
  // A path that ends in an index goes nowhere else.
  if (path === ROOT) return `nullif(${direct}, 'null')`
  const found = `jsonb_path_query_array(${walk(sql, head, params)}, ${params.add(path)}::jsonpath, '{}', true)`
  return `nullif(coalesce(${direct}, nullif(${found}, '[]')), 'null')`
}

/**
 * What the step behind `*` finds in a map by provider. Of several providers that have it, and not as null,
 * the first in jsonb's order of keys: shorter names before longer ones, and those of one length byte by byte.
 */
export function firstOfAnyKey(sql: string, [, name = '']: readonly string[], params: Params): string {
  const step = JSON.stringify(name)
  // Strict, because a lax path would look into lists where only their presence is asked for.
  const path = `strict $.* ? (exists(@.${step} ? (@ != null))).${step}`
  return `jsonb_path_query_first(${sql}, ${params.add(path)}::jsonpath, '{}', true)`
}

/**
 * One row for each value that the step behind `*` finds, of whichever provider, and into a list; to stand
 * after `from`.
 */
export function valuesOfAnyKey(sql: string, [, name = '']: readonly string[], params: Params): string {
  const path = `lax $.*.${JSON.stringify(name)}[*]`
  return `jsonb_path_query(${sql}, ${params.add(path)}::jsonpath, '{}', true)`
}

/**
 * One row for each value that a path finds, running through lists and into the one it ends in; to stand after
 * `from`.
 */
export function jsonValues(sql: string, steps: readonly string[], params: Params): string {
  const { head, path } = splitAtIndex(steps)
  return `jsonb_path_query(${walk(sql, head, params)}, ${params.add(`${path}[*]`)}::jsonpath, '{}', true)`
}

/**
 * Follows steps through keys and indexes. `#>` would take `-1` or `+1` for an index as well; such steps are
 * keys here, which only `->` with text says.
 */
export function walk(sql: string, steps: readonly string[], params: Params): string {
  if (steps.length === 0) return sql
  if (!steps.some((step) => LOOKS_LIKE_INDEX.test(step) && !IS_INDEX.test(step))) {
    return `(${sql} #> ${params.add(steps)}::text[])`
  }
  return steps.reduce(
    (from, step) =>
      IS_INDEX.test(step)
        ? `(${from} #> ${params.add([step])}::text[])`
        : `(${from} -> ${params.add(step)}::text)`,
    sql,
  )
}

// jsonpath cannot say "index of a list, else key", so the steps up to the last number are walked.
function splitAtIndex(steps: readonly string[]): { readonly head: readonly string[]; readonly path: string } {
  const after = steps.findLastIndex((step) => IS_INDEX.test(step)) + 1
  const rest = steps.slice(after).map((step) => `.${JSON.stringify(step)}`)
  return { head: steps.slice(0, after), path: `${ROOT}${rest.join('')}` }
}

const ROOT = 'lax $'
const IS_INDEX = /^\d+$/
const LOOKS_LIKE_INDEX = /^\s*[+-]?\d/
