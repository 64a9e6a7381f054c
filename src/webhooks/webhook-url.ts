import { isIP } from 'node:net'
import { InvalidParameter } from '../core/errors.ts'
import type { AddressGuard } from './address-guard.ts'

const MAX_CHARACTERS = 2_000

/**
 * Reads the address of a webhook. What can be told without asking anybody is refused here: other schemes,
 * credentials in the address, and addresses that are denied, in whatever way they are written. Names are
 * looked up when something is sent.
 */
export function parseWebhookUrl(text: string, guard: AddressGuard): URL {
  const refuse = (reason: string) => new InvalidParameter('url', reason)
  if (text.length > MAX_CHARACTERS) throw refuse(`it is longer than ${MAX_CHARACTERS} characters`)
  if (!URL.canParse(text)) throw refuse('it cannot be read as an address')
  const url = new URL(text)
  if (url.username !== '' || url.password !== '')
    throw refuse('it holds a user or password; the signature proves who sends')
  const address = literalOf(url)
  if (address !== undefined && !guard.permits(address)) throw refuse(deniedReason(address))
  if (url.protocol === 'https:') return url
  // Without TLS only where no network is crossed, or the operator says that the way is safe.
  if (url.protocol === 'http:' && address !== undefined && guard.isException(address)) return url
  throw refuse('it must be https; http is for addresses that GLEANER_WEBHOOK_ALLOW names')
}

/**
 * The address that stands in a URL instead of a name. URL has already read octal, hexadecimal and short
 * forms.
 */
export function literalOf({ hostname }: URL): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return isIP(bare) === 0 ? undefined : bare
}

export function deniedReason(address: string): string {
  return `${address} is this machine, or lies in a private, link-local or reserved network, which webhooks must not reach; an operator may allow it with GLEANER_WEBHOOK_ALLOW`
}
