import { quote, refuse, storableText } from '../refuse.ts'
import type { Named } from './stage.ts'

/**
 * Checks a name that the caller gives to a value: later stages must be able to write it as one step of a
 * path.
 */
export function readName(name: string, namePlace: string): Named {
  if (name === '') refuse(namePlace, 'it is required, and was missing or empty')
  storableText(name, namePlace, MAX_NAME)
  if (name.includes('.')) {
    refuse(namePlace, `${quote(name)} has a dot, which later stages would read as a path`)
  }
  return { name, namePlace }
}

/** Refuses two values under one name: one of them would be lost. */
export function assertDifferent(named: readonly Named[]): void {
  const seen = new Set<string>()
  for (const { name, namePlace } of named) {
    if (seen.has(name)) refuse(namePlace, `another value of this stage is already named ${quote(name)}`)
    seen.add(name)
  }
}

const MAX_NAME = 256
