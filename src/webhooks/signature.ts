import { createHmac, randomBytes } from 'node:crypto'

/** A new signing key: 256 random bits, in a form that can be pasted. */
export function newSigningKey(): string {
  return `whsec_${randomBytes(32).toString('base64url')}`
}

/**
 * The value of `Gleaner-Signature`: `t=SECONDS,v1=HEX`, an HMAC-SHA256 of `SECONDS.BODY` under the whole key
 * as text. The time is signed, so that a receiver can refuse what is old.
 */
export function signatureOf(key: string, body: string, at: Date): string {
  const seconds = Math.floor(at.getTime() / 1_000)
  const hex = createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex')
  return `t=${seconds},v1=${hex}`
}
