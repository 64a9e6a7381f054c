import { z } from 'zod'
import { type Challenge, parseChallenge } from './challenge.ts'
import type { RegistryCredential } from './docker-credentials.ts'
import { type HttpAnswer, httpGet } from './http-get.ts'

/** A registry did not do what was asked of it. `status` is 0 when it was not reached. */
export class RegistryFailure extends Error {
  readonly status: number
  constructor(status: number, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.status = status
  }
}

export type SessionInput = {
  readonly origin: string
  /** What a token is asked for, such as `repository:acme/plugin:pull`. */
  readonly scope: string
  readonly credential: RegistryCredential | undefined
  readonly ca: readonly string[]
  readonly signal: AbortSignal
}

const Token = z.object({ token: z.string().optional(), access_token: z.string().optional() })
const Refusal = z.object({ errors: z.array(z.object({ code: z.string(), message: z.string().optional() })) })

/** Words of a registry that are quoted, in characters. */
const MAX_WORDS = 300

/**
 * Asks one registry, and does once what it wants first: the credential itself, or a token that is got with
 * it. A registry of TLS cannot send the credential elsewhere in plain text.
 */
export class RegistrySession {
  readonly #input: SessionInput
  #authorization: string | undefined

  constructor(input: SessionInput) {
    this.#input = input
  }

  async get(url: URL): Promise<HttpAnswer> {
    const answer = await this.#send(url, this.#authorization)
    if (answer.status !== 401 || this.#authorization !== undefined) return this.#good(answer)
    const header = [answer.headers['www-authenticate'] ?? []].flat().join(', ')
    const challenge = parseChallenge(header, this.#input.scope)
    if (challenge === undefined) return this.#good(answer)
    this.#authorization = await this.#authorize(challenge, answer)
    return this.#good(await this.#send(url, this.#authorization))
  }

  async #authorize(challenge: Challenge, answer: HttpAnswer): Promise<string> {
    const { credential, origin } = this.#input
    if (challenge.scheme === 'basic') {
      if (credential === undefined) throw refusalOf(answer, 'it wants a credential, and there is none for it')
      return toBasic(credential)
    }
    const { realm } = challenge
    if (realm.protocol !== 'https:' && !(realm.protocol === 'http:' && origin.startsWith('http:'))) {
      throw new RegistryFailure(0, `it asks for a token from ${realm.origin}, to which nothing is sent`)
    }
    const issued = await this.#send(realm, credential && toBasic(credential))
    const { token, access_token: other } = parse(Token, this.#good(issued).text) ?? {}
    const text = token ?? other
    if (text === undefined)
      throw new RegistryFailure(issued.status, `${realm.origin} answered without a token`)
    return `Bearer ${text}`
  }

  #good(answer: HttpAnswer): HttpAnswer {
    if (answer.status === 200) return answer
    throw refusalOf(answer, `it answered ${answer.status}`)
  }

  async #send(url: URL, authorization: string | undefined): Promise<HttpAnswer> {
    const { ca, signal } = this.#input
    const headers = authorization === undefined ? {} : { authorization }
    try {
      return await httpGet(url, { headers, ca, signal })
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
      throw new RegistryFailure(0, `${url.origin} cannot be reached (${code})`, error)
    }
  }
}

/** What a registry says of a refusal; its words are bounded. */
function refusalOf({ status, text }: HttpAnswer, what: string): RegistryFailure {
  const reasons = (parse(Refusal, text)?.errors ?? []).map(({ code, message = '' }) =>
    `${code} ${message}`.trim(),
  )
  const words = reasons.join('; ').slice(0, MAX_WORDS)
  return new RegistryFailure(status, words === '' ? what : `${what}: ${words}`)
}

function toBasic({ username, password }: RegistryCredential): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

function parse<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
