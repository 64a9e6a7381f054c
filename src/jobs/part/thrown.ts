import { type ErrorKind, GleanerError, toError } from '../../core/errors.ts'
import { CallError } from '../../plugins/stream/index.ts'
import { LeaseLost } from '../lease/lease-lost.ts'
import type { TaskLease } from '../task.ts'

/** An error on its way between threads, where classes do not survive. */
export type Thrown =
  | { readonly is: 'lease_lost' }
  | {
      readonly is: 'ours'
      readonly kind: ErrorKind
      readonly code: string
      readonly message: string
      readonly retryable: boolean
    }
  /** The call of the plugin failed; its words may quote the secret, so they go no further uncleaned. */
  | {
      readonly is: 'call'
      readonly code: number
      readonly details: string
      readonly wasConnected: boolean | undefined
    }
  /** Nobody foresaw it: the stack is what helps. */
  | { readonly is: 'other'; readonly message: string; readonly stack: string }

export function toThrown(thrown: unknown): Thrown {
  if (thrown instanceof LeaseLost) return { is: 'lease_lost' }
  if (thrown instanceof CallError) {
    const { code, details, wasConnected } = thrown
    return { is: 'call', code, details, wasConnected }
  }
  if (thrown instanceof GleanerError) {
    const { kind, code, message, retryable } = thrown
    return { is: 'ours', kind, code, message, retryable }
  }
  const { message, stack = '' } = toError(thrown)
  return { is: 'other', message, stack }
}

/**
 * The error that it was, as far as others tell errors apart; `lease` is that of the task it was thrown for.
 */
export function fromThrown(thrown: Thrown, lease: TaskLease): Error {
  switch (thrown.is) {
    case 'lease_lost':
      return new LeaseLost(lease)
    case 'call':
      return Object.assign(new CallError(thrown.code, thrown.details), { wasConnected: thrown.wasConnected })
    case 'ours':
      return new GleanerError(thrown.kind, thrown.code, thrown.message, { retryable: thrown.retryable })
    case 'other': {
      const error = new Error(thrown.message)
      error.stack = thrown.stack
      return error
    }
  }
}
