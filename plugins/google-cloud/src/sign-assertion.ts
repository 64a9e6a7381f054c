import { createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { InvalidInput } from '@gleaner/sdk'

export type Claims = {
  readonly email: string
  readonly keyId: string | undefined
  readonly scope: string
  /** Who is to believe it: the address of the token endpoint. */
  readonly audience: string
  readonly nowMs: number
}

/** As long as Google lets an assertion be good. */
const LIFE_SECONDS = 3_600

/**
 * A JSON Web Token, signed with RS256, by which a service account asks for an access token. Pure but for the
 * signature.
 */
export function signAssertion(privateKey: string, { audience, email, keyId, nowMs, scope }: Claims): string {
  const issuedAt = Math.floor(nowMs / 1_000)
  const header = { alg: 'RS256', typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) }
  const claims = { iss: email, scope, aud: audience, iat: issuedAt, exp: issuedAt + LIFE_SECONDS }
  const signed = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), readKey(privateKey)).toString('base64url')}`
}

/** Key files are often passed on through variables, which leave `\n` as two characters. */
function readKey(pem: string): KeyObject {
  let key: KeyObject
  try {
    key = createPrivateKey(pem.replaceAll('\\n', '\n'))
  } catch {
    // The reason quotes what could not be read.
    throw new InvalidInput(['secret_data.private_key is no private key in PEM'])
  }
  if (key.asymmetricKeyType === 'rsa') return key
  throw new InvalidInput(['secret_data.private_key must be an RSA key'])
}
