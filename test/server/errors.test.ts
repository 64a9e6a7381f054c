import { describe, expect, test } from 'vitest'
import { ERROR_KINDS, GleanerError, NotFound } from '../../src/core/errors.ts'
import { toFailure, toGrpcStatus, toHttpError } from '../../src/server/errors.ts'

/** Numbers of google.rpc.Code and of HTTP, written out: the table in the code must not check itself. */
const EXPECTED: Record<(typeof ERROR_KINDS)[number], [grpc: number, http: number]> = {
  invalid: [3, 400],
  not_found: [5, 404],
  already_exists: [6, 409],
  failed_precondition: [9, 400],
  conflict: [10, 409],
  unauthenticated: [16, 401],
  forbidden: [7, 403],
  exhausted: [8, 429],
  canceled: [1, 499],
  deadline: [4, 504],
  unimplemented: [12, 501],
  unavailable: [14, 503],
  internal: [13, 500],
}

describe('the table of errors', () => {
  test.each(ERROR_KINDS)('%s has its gRPC and HTTP status, and keeps code and message', (kind) => {
    const failure = toFailure(new GleanerError(kind, 'ERROR_SOME', 'what happened'), 'req-1')
    const [grpc, http] = EXPECTED[kind]
    expect(toGrpcStatus(failure)).toEqual({ code: grpc, details: 'ERROR_SOME: what happened' })
    expect(toHttpError(failure)).toEqual({
      status: http,
      body: { detail: { code: 'ERROR_SOME', message: 'what happened' } },
    })
  })

  test('a subclass tells its own code', () => {
    expect(toFailure(new NotFound('job', 'job-1'), 'req-1')).toEqual({
      kind: 'not_found',
      code: 'ERROR_NOT_FOUND',
      message: "job 'job-1' not found",
    })
  })

  test.each([new Error('select secret_data from secret'), 'a text', undefined, { code: '23505' }])(
    'anything else (%s) leaves as the request id and nothing more',
    (thrown) => {
      const failure = toFailure(thrown, 'req-0123456789ab')
      expect(failure.kind).toBe('internal')
      expect(failure.code).toBe('ERROR_UNKNOWN')
      expect(failure.message).toContain('req-0123456789ab')
      expect(failure.message).not.toMatch(/secret_data|a text|23505/)
    },
  )

  test('a message is cut to what a header can carry, and half a surrogate pair is replaced', () => {
    const failure = toFailure(new GleanerError('invalid', 'ERROR_SOME', `${'ü'.repeat(1_999)}😀`), 'req-1')
    expect(failure.message.length).toBeLessThan(2_010)
    expect(() => encodeURI(failure.message)).not.toThrow()
  })
})
