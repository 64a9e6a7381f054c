/** A call that failed, as a gRPC status and the words that came with it. They may quote secrets, so this never leaves the folder above uncleaned. */
export class CallError extends Error {
  readonly code: number
  readonly details: string

  constructor(code: number, details: string) {
    super(details)
    this.name = 'CallError'
    this.code = code
    this.details = details
  }
}
