/**
 * A call that failed, as a gRPC status and the words that came with it. They may quote secrets, so this never
 * leaves the folder above uncleaned.
 */
export class CallError extends Error {
  readonly code: number
  readonly details: string
  /** Whether the connection stood when it failed, where whoever is told cannot ask. */
  wasConnected: boolean | undefined

  constructor(code: number, details: string) {
    super(details)
    this.name = 'CallError'
    this.code = code
    this.details = details
  }
}
