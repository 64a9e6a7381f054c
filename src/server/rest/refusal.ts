/**
 * A request that HTTP itself refuses before any method is reached: path, host, origin, size, content type.
 */
export class Refusal extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.name = new.target.name
    this.status = status
    this.code = code
  }
}
