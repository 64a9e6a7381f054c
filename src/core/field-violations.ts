import { type GleanerError, InvalidParameter, RequiredParameter } from './errors.ts'

/** What speaks against a name. */
export function nameViolations(name: string): GleanerError[] {
  if (name.trim() === '') return [new RequiredParameter('name')]
  return tooLong('name', name, 255)
}

/** What speaks against the length of a text. */
export function tooLong(key: string, value: string, max: number): GleanerError[] {
  if (value.length <= max) return []
  return [new InvalidParameter(key, `it is ${value.length} characters long, at most ${max} are stored`)]
}
