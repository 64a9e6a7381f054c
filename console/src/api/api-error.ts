/** What the server refused, or that it did not answer: a code for programs and words for people. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly requestId: string
  /**
   * When the server wants to be asked again, milliseconds from its answer; undefined where it did not say.
   */
  readonly retryAfterMs: number | undefined

  constructor(status: number, { code, message, requestId, retryAfterMs }: Refused) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.requestId = requestId
    this.retryAfterMs = retryAfterMs
  }
}

type Refused = {
  readonly code: string
  readonly message: string
  readonly requestId: string
  readonly retryAfterMs?: number | undefined
}

/** Reads the body of a refusal, `{"detail":{"code","message"}}`; says so when it is something else. */
export function toApiError(
  status: number,
  body: unknown,
  requestId: string,
  retryAfterMs?: number,
): ApiError {
  const detail = isObject(body) && isObject(body.detail) ? body.detail : {}
  const code = typeof detail.code === 'string' ? detail.code : 'ERROR_UNEXPECTED_ANSWER'
  const message =
    typeof detail.message === 'string' ? detail.message : `the server answered ${status} without saying why`
  return new ApiError(status, { code, message, requestId, retryAfterMs })
}

/** The server, or the way to it, is gone. */
export function toUnreachable(): ApiError {
  const message =
    'the server does not answer. Nothing that was collected is lost. Check that it runs, and try again'
  return new ApiError(0, { code: 'ERROR_UNREACHABLE', message, requestId: '' })
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
