import { type Connection, InvalidInput } from '@gleaner/sdk'
import type { Secret } from '../options.ts'
import { readKubeconfig } from './kubeconfig.ts'
import { readServiceAccount } from './service-account.ts'

/** Where a cluster is, and how to prove who asks. */
export type ClusterAccess = {
  readonly server: URL
  readonly token: string | undefined
  readonly connection: Connection
}

const WAYS = ['kubeconfig', 'server', 'in_cluster'] as const

/** Reads the secret, which must hold exactly one of three ways in. */
export async function readAccess(secret: Secret): Promise<ClusterAccess> {
  const given = WAYS.filter((way) => secret[way] !== undefined && secret[way] !== false)
  if (given.length !== 1)
    throw new InvalidInput([
      `secret_data must hold exactly one of ${WAYS.join(', ')}${given.length === 0 ? '' : `, not ${given.join(' and ')}`}`,
    ])
  if (secret.kubeconfig !== undefined) return readKubeconfig(secret.kubeconfig, secret.context)
  if (secret.server === undefined) return readServiceAccount()
  const { ca, client_certificate: cert, client_key: key, token } = secret
  const problems = pairProblems(cert, key, 'secret_data.client_certificate and secret_data.client_key')
  if (!isAddress(secret.server))
    problems.push('secret_data.server must be an address that begins with https://')
  if (problems.length > 0) throw new InvalidInput(problems)
  return { server: new URL(secret.server), token, connection: { ca, cert, key } }
}

export function isAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:/i.test(text)
}

export function pairProblems(one: string | undefined, other: string | undefined, names: string): string[] {
  return (one === undefined) === (other === undefined) ? [] : [`${names} go together`]
}
