import { InvalidParameter } from '../core/errors.ts'
import { assertNoViolations } from '../core/violations.ts'

/** No name or id is longer, so that one which is can only be a mistake. */
const MAX_LENGTH = 255

/** Refuses names that cannot be any, all of them in one error; keys are those of the request. */
export function assertNames(names: Readonly<Record<string, string>>): void {
  assertNoViolations(
    Object.entries(names)
      .filter(([, name]) => name.length > MAX_LENGTH)
      .map(([key, name]) => {
        return new InvalidParameter(
          key,
          `it has ${name.length} characters, and no name has over ${MAX_LENGTH}`,
        )
      }),
  )
}
