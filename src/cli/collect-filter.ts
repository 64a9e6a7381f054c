import { UsageError } from './failures.ts'
import { jsonOfFilter } from './json-option.ts'

/** What an option for the filter of a collection says of its argument. */
export const COLLECT_FILTER =
  'narrow what the plugin reads: key=value, or key:=json; may be repeated. Proves nothing about the rest'

/**
 * Gathers the filter of a collection from what was given, by the keys that the plugin declares: `region=eu-1`
 * is a text, `regions:=["eu-1"]` any JSON. A key that is given again replaces its value.
 */
export function gatherFilter(
  text: string,
  earlier: Readonly<Record<string, unknown>> | boolean | undefined,
): Readonly<Record<string, unknown>> {
  const match = /^([^=:]+)(:?=)(.*)$/s.exec(text)
  if (match === null) throw new UsageError(`--filter '${text}' is no filter; write key=value or key:=json`)
  const [, key = '', sign = '', value = ''] = match
  const before = typeof earlier === 'object' ? earlier : {}
  return { ...before, [key]: sign === '=' ? value : jsonOfFilter(text, value) }
}
