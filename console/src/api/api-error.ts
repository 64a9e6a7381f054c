/** What the server refused, or that it did not answer: a code for programs and words for people. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly requestId: string

  constructor(
    status: number,
    { code, message, requestId }: { code: string; message: string; requestId: string },
  ) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.requestId = requestId
  }
}

/** Reads the body of a refusal, `{"detail":{"code","message"}}`; says so when it is something else. */
export function toApiError(status: number, body: unknown, requestId: string): ApiError {
  const detail = isObject(body) && isObject(body.detail) ? body.detail : {}
  const code = typeof detail.code === 'string' ? detail.code : 'ERROR_UNEXPECTED_ANSWER'
  const message =
    typeof detail.message === 'string' ? detail.message : `the server answered ${status} without saying why`
  return new ApiError(status, { code, message, requestId })
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
