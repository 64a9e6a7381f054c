import type { JsonObject } from '@bufbuild/protobuf'
import type { ErrorKind } from '../../src/core/errors.ts'
import type { World } from './world.ts'

export type Transport = 'grpc' | 'rest'

/** What a call has to answer: fields of the answer's JSON, or a refusal that says this, or all of these. */
export type Expected =
  | { readonly ok: object }
  | { readonly refused: ErrorKind; readonly code: string; readonly says: string | readonly string[] }

/** One row of the conformance table: a call in a given world, and its answer over both transports. */
export type Case = {
  /** Fully qualified: `spaceone.api.inventory.v1.Collector.get`. */
  readonly method: string
  /** What is special about the call, for the matrix: `a name of 256 characters`. */
  readonly about: string
  /** The request as JSON; made anew for each transport, with whatever it needs to be there. */
  readonly request: (world: World) => Promise<JsonObject>
  readonly expected: Expected
  /** Where the two differ by nature: only JSON can say 0 and false. */
  readonly only?: Transport
}

/** Short forms for tables of cases of one service. */
export function casesOf(service: string) {
  const make = (expected: Expected, method: string, about: string, request: Case['request']): Case => ({
    method: `${service}.${method}`,
    about,
    request,
    expected,
  })
  return {
    /** The first one of a method is the example of its documentation. */
    answers: (method: string, about: string, request: Case['request'], ok: object): Case =>
      make({ ok }, method, about, request),
    refuses: (
      method: string,
      about: string,
      request: Case['request'],
      [refused, code, says]: readonly [ErrorKind, string, string | readonly string[]],
    ): Case => make({ refused, code, says }, method, about, request),
    rest: (each: Case): Case => ({ ...each, only: 'rest' }),
  }
}
