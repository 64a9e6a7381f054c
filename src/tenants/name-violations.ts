import { type GleanerError, InvalidParameter, RequiredParameter } from '../core/errors.ts'

const MAX_NAME = 255

/** What is wrong with the name that a person gave something; nothing when it can be used. */
export function nameViolations(name: string): readonly GleanerError[] {
  if (name.trim() === '') return [new RequiredParameter('name')]
  if (name.length <= MAX_NAME) return []
  return [new InvalidParameter('name', `it has ${name.length} characters, at most ${MAX_NAME} are kept`)]
}
