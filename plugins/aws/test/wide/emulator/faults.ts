/** A call as faults are told which they meet. */
export type Call = {
  /** Such as `ListResources`. */
  readonly action: string
  readonly region: string
  readonly type: string | undefined
  /** Of the page that is asked for, from 0. */
  readonly page: number
}

export type Answer = { readonly status: number; readonly code: string; readonly message: string }

/** What happens in place of an answer. */
export type Fault = Partial<Pick<Call, 'action' | 'region' | 'type' | 'page'>> & {
  /** How many calls it meets. Default: all. */
  readonly times?: number
  readonly effect: Answer | 'truncate' | 'repeat-token' | 'cut' | 'garbage'
}

export const DENIED = (action: string): Answer => ({
  status: 400,
  code: 'AccessDeniedException',
  message: `User: arn:aws:iam::111122223333:user/gleaner is not authorized to perform: ${action} because no identity-based policy allows it`,
})

export class Faults {
  #armed: { readonly fault: Fault; left: number }[] = []

  arm(...faults: readonly Fault[]): void {
    this.#armed.push(...faults.map((fault) => ({ fault, left: fault.times ?? Number.POSITIVE_INFINITY })))
  }

  clear(): void {
    this.#armed = []
  }

  /** The first fault that meets this call; it counts as having met it. */
  take(call: Call): Fault['effect'] | undefined {
    const found = this.#armed.find(({ fault, left }) => left > 0 && meets(fault, call))
    if (found !== undefined) found.left--
    return found?.fault.effect
  }
}

function meets(fault: Fault, call: Call): boolean {
  return (['action', 'region', 'type', 'page'] as const).every(
    (key) => fault[key] === undefined || fault[key] === call[key],
  )
}
