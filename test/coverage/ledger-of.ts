import type { Context } from '../../src/access/index.ts'
import { listCoverage } from '../../src/coverage/index.ts'

/** Names all cells. */
export const ANY = { provider: '', cloudServiceGroup: '', cloudServiceType: '', account: '', regionCode: '' }

type Asked = Partial<Parameters<typeof listCoverage>[1]>

/** Asks the ledger of a domain, for all of it where nothing else is said. */
export async function ledgerOf(ctx: Context, domainId: string, options: Asked = {}) {
  const all = {
    domainId,
    collectorId: '',
    secretId: '',
    name: ANY,
    state: '',
    gaps: '',
    maxAge: '',
    start: 0,
    limit: 0,
  }
  return await listCoverage(ctx, { ...all, ...options })
}

/** The state of each kind in each region of a domain: `Bucket/eu-1 complete`. */
export async function statesOf(ctx: Context, domainId: string): Promise<readonly string[]> {
  const { results = [] } = await ledgerOf(ctx, domainId)
  return results.map(
    ({ cloudServiceType, regionCode, state }) => `${cloudServiceType}/${regionCode} ${state}`,
  )
}
