import type { FastifyReply } from 'fastify'
import { type ErrorBody, type Failure, toHttpError } from '../errors.ts'

/**
 * Sets the status of a failure, and when to come back where that is known; returns the body that says what it
 * was.
 */
export function beginFailure(reply: FastifyReply, failure: Failure): ErrorBody {
  const { status, body } = toHttpError(failure)
  // In whole seconds: a header of HTTP knows no parts of them.
  if (failure.retryAfterMs !== undefined)
    reply.header('retry-after', Math.max(1, Math.ceil(failure.retryAfterMs / 1_000)))
  reply.code(status)
  return body
}
