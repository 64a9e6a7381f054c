import { type AuditEntry, auditedDatabase, verifyAudit } from '../../src/audit/index.ts'
import { newId } from '../../src/core/ids.ts'
import type { Database, Sql } from '../../src/storage/index.ts'
import { testContext } from '../query/sample.ts'
import { silentLog } from '../support/silent-log.ts'

/** The database as one call sees it that may change something in this domain. */
export function callIn(db: Database, domainId: string, entry: Partial<AuditEntry> = {}): Database {
  const call = {
    domainId,
    method: 'gleaner.v1.Test.change',
    role: 'ADMIN',
    apiKeyId: 'api-key-00000000000a',
    requestId: newId('request'),
    traceId: '',
    ids: [],
    ...entry,
  } as const
  return auditedDatabase(db, call, silentLog)
}

/** Something to change: a project of the domain. Returns its id. */
export async function addProject(on: Sql, domainId: string): Promise<string> {
  const projectId = newId('project')
  await on.query(
    `insert into project (domain_id, project_id, name, created_at) values ($1, $2, 'Shop', now())`,
    [domainId, projectId],
  )
  return projectId
}

export async function givenDomain(db: Sql): Promise<string> {
  const domainId = newId('domain')
  await db.query('insert into domain (domain_id, name, created_at) values ($1, $1, now())', [domainId])
  return domainId
}

/** A domain in which so many calls have changed something. */
export async function givenChain(db: Database, length: number): Promise<string> {
  const domainId = await givenDomain(db)
  for (let at = 0; at < length; at++) await addProject(callIn(db, domainId), domainId)
  return domainId
}

export async function verified(db: Database, domainId: string, head = '') {
  return await verifyAudit(testContext(db), { domainId, head })
}

export type Row = { readonly method: string; readonly ids: readonly string[]; readonly seq: number }

export async function rowsOf(db: Sql, domainId: string): Promise<readonly Row[]> {
  return await db.query<Row>('select seq, method, ids from audit_record where domain_id = $1 order by seq', [
    domainId,
  ])
}
