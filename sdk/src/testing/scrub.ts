import type { IncomingHttpHeaders } from 'node:http'
import { isSecretName } from '../sensitive.ts'

/** Shorter values would blank half of a recording, and protect nothing. */
const SHORTEST = 4

/** Headers that prove who asks, besides those that are named like a secret. */
const PROOFS = ['authorization', 'proxy-authorization', 'cookie']

/**
 * What the headers of a request prove its sender by: whole values, and the parts that an answer or an address
 * may repeat.
 */
export function secretsOfHeaders(headers: IncomingHttpHeaders): readonly string[] {
  return Object.entries(headers)
    .filter(([name]) => PROOFS.includes(name) || isSecretName(name))
    .map(([, value]) => String(value))
    .flatMap((value) => [value, ...credentialsIn(value)])
}

/** A text without secrets, as they are, in addresses, and in Base64. */
export function scrub(text: string, secrets: Iterable<string>): string {
  const forms = [...secrets]
    .filter((secret) => secret.length >= SHORTEST)
    .flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
    .sort((a, b) => b.length - a.length)
  return forms.reduce((clean, form) => clean.replaceAll(form, '[secret]'), text)
}

/** `Bearer TOKEN`, `Basic` with user and password, `name=value; …` of cookies. */
function credentialsIn(value: string): readonly string[] {
  const [scheme = '', given = ''] = value.split(/ (.*)/s)
  if (/^basic$/i.test(scheme)) {
    const pair = Buffer.from(given, 'base64').toString('utf8')
    return [given, pair, pair.slice(pair.indexOf(':') + 1)]
  }
  const cookies = value.split(/;\s*/).map((cookie) => cookie.slice(cookie.indexOf('=') + 1))
  return given === '' ? cookies : [given]
}
