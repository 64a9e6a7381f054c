import { FailedPrecondition } from './errors.ts'

/** Something that refers to what is to be deleted. */
export type User = { readonly noun: string; readonly id: string; readonly name: string }

/** How many users an error names; the rest are counted. */
export const MAX_NAMED_USERS = 5

/** Something cannot be deleted while others refer to it. */
export class InUse extends FailedPrecondition {
  constructor(
    code: string,
    what: string,
    users: readonly (User & { readonly total: number })[],
    advice: string,
  ) {
    const named = users.map(({ noun, id, name }) => `${noun} '${name}' (${id})`).join(', ')
    const others = (users[0]?.total ?? 0) - users.length
    super(
      code,
      `${what} is used by ${named}${others > 0 ? ` and ${others} more` : ''}, so nothing was deleted. ${advice}`,
    )
  }
}
