/** How a registry wants to be asked again. */
export type Challenge =
  | { readonly scheme: 'basic' }
  /** By a token from this address, which is asked with these parameters. */
  | { readonly scheme: 'bearer'; readonly realm: URL }

/** Reads a `WWW-Authenticate` header; undefined when it asks for nothing that is understood. */
export function parseChallenge(header: string, scope: string): Challenge | undefined {
  const [, scheme = '', rest = ''] = /^\s*(\w+)\s*(.*)$/s.exec(header) ?? []
  if (scheme.toLowerCase() === 'basic') return { scheme: 'basic' }
  if (scheme.toLowerCase() !== 'bearer') return undefined
  const parameters = new Map(
    [...rest.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
  )
  const address = parameters.get('realm') ?? ''
  if (!URL.canParse(address)) return undefined
  const realm = new URL(address)
  const service = parameters.get('service')
  if (service !== undefined) realm.searchParams.set('service', service)
  realm.searchParams.set('scope', parameters.get('scope') ?? scope)
  return { scheme: 'bearer', realm }
}
