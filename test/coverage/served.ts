import type { JsonObject } from '@bufbuild/protobuf'
import type { Principal } from '../../src/access/index.ts'
import { changeHistoryService } from '../../src/server/handlers/change-history.ts'
import { cloudServiceService } from '../../src/server/handlers/cloud-service.ts'
import { coverageService } from '../../src/server/handlers/coverage.ts'
import { historyService } from '../../src/server/handlers/history.ts'
import { searchService } from '../../src/server/handlers/search.ts'
import type { WholeDatabase } from '../../src/storage/index.ts'
import { startApi } from '../support/api-server.ts'

/**
 * The API over what `openCoverage` collects. A key `NAME/domain-…` is that of an administrator of a domain.
 */
export async function serveCoverage(db: WholeDatabase, now: () => Date) {
  const services = [cloudServiceService, changeHistoryService, coverageService, searchService, historyService]
  const authenticator = { authenticate: async (key: string) => principalOf(key), forget: () => {} }
  const api = await startApi(services, {}, db, { now, authenticator })

  /** Calls over REST, and fails on any status but 200. */
  async function post<T>(path: string, body: JsonObject, key = ''): Promise<T> {
    const headers: Record<string, string> = key === '' ? {} : { authorization: `Bearer ${key}` }
    const { status, text } = await api.post(path, JSON.stringify(body), headers)
    if (status !== 200) throw new Error(`${path} answered ${status}: ${text}`)
    return JSON.parse(text) as T
  }

  return { ...api, post }
}

function principalOf(key: string): Principal {
  if (key === '') return { kind: 'anonymous' }
  const [apiKeyId = '', domainId = ''] = key.split('/')
  return { kind: 'api_key', apiKeyId, domainId, role: 'ADMIN', projectIds: [] }
}
