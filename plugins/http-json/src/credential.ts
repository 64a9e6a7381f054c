import {
  type CallContext,
  type FromSchema,
  HTTP_SECRET,
  httpAuthorization,
  InvalidInput,
  type JsonValue,
  type ObjectSchema,
  SENSITIVE,
} from '@gleaner/sdk'
import type { Options } from './options.ts'

export const SECRET = {
  type: 'object',
  properties: {
    ...HTTP_SECRET.properties,
    key: { type: 'string', description: 'Sent as the query parameter that `options.key_param` names.' },
  },
} as const satisfies ObjectSchema

export type Context = CallContext<Options, FromSchema<typeof SECRET>>

/** What proves who asks, and where it goes. */
export type Credential = {
  readonly headers: Readonly<Record<string, string>>
  /** The address with the key in its query. Nobody but the API may see it. */
  readonly sign: (url: URL) => URL
  /**
   * For the parser: texts of an answer without the credential, which some APIs repeat in links to themselves.
   */
  readonly clean: (name: string, value: JsonValue) => JsonValue
}

/** Shorter values would blank half of an answer, and are no credential. */
const SHORTEST = 8

/**
 * The name of the parameter is an option and no part of the secret, since values of a secret are blanked out
 * of all messages, and a word such as `token` stands in many of them.
 */
export function credentialOf({ options: { key_param: param }, secretData }: Context): Credential {
  const { header_value: header, key, password, token } = secretData
  const problems: string[] = []
  if ((key === undefined) !== (param === undefined))
    problems.push('secret_data.key and options.key_param go together')
  const headers = headersOf(secretData, problems)
  if (problems.length > 0) throw new InvalidInput(problems)
  const secrets = [header, key, password, token].filter((each) => each !== undefined)
  const forms = secrets.filter((each) => each.length >= SHORTEST).flatMap(formsOf)
  const clean = (text: string) => forms.reduce((rest, form) => rest.replaceAll(form, SENSITIVE), text)
  return {
    headers,
    sign: (url) => (param === undefined || key === undefined ? url : withParam(url, param, key)),
    clean: (_name, value) => (typeof value === 'string' ? clean(value) : value),
  }
}

function headersOf(secret: Context['secretData'], problems: string[]): Readonly<Record<string, string>> {
  try {
    return httpAuthorization(secret)
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error
    problems.push(...error.problems)
    return {}
  }
}

function withParam(url: URL, name: string, value: string): URL {
  const signed = new URL(url)
  signed.searchParams.set(name, value)
  return signed
}

/** As it is, and as addresses have it, the longest first. */
function formsOf(secret: string): readonly string[] {
  const inQuery = new URLSearchParams({ a: secret }).toString().slice(2)
  return [...new Set([inQuery, encodeURIComponent(secret), secret])].sort((a, b) => b.length - a.length)
}
