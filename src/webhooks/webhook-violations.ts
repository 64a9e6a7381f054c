import { type GleanerError, NotFound, RequiredParameter } from '../core/errors.ts'
import { nameViolations, tooLong } from '../core/field-violations.ts'
import { checked } from '../core/violations.ts'
import { assertStatuses, expandTypes } from '../events/index.ts'
import type { Sql } from '../storage/index.ts'
import type { AddressGuard } from './address-guard.ts'
import { parseWebhookUrl } from './webhook-url.ts'

/** What a request says of a webhook; undefined means that it does not say. */
type WebhookFields = {
  readonly domainId: string
  readonly name?: string | undefined
  readonly url?: string | undefined
  readonly types?: readonly string[] | undefined
  readonly collectorId?: string | undefined
  readonly kind?: string | undefined
  readonly statuses?: readonly string[] | undefined
}

/**
 * What speaks against a webhook, all of it. A collector that is deleted later only means that nothing more is
 * heard.
 */
export async function webhookViolations(
  sql: Sql,
  guard: AddressGuard,
  { domainId, name, url, types = [], collectorId = '', kind = '', statuses = [] }: WebhookFields,
): Promise<readonly GleanerError[]> {
  return [
    ...(name === undefined ? [] : nameViolations(name)),
    ...(url === undefined ? [] : await urlViolations(url, guard)),
    ...(await checked(() => expandTypes(types))).violations,
    ...(await checked(() => assertStatuses(statuses))).violations,
    ...(await collectorViolations(sql, domainId, collectorId)),
    ...tooLong('kind', kind, 1_000),
  ]
}

async function urlViolations(url: string, guard: AddressGuard): Promise<readonly GleanerError[]> {
  if (url === '') return [new RequiredParameter('url')]
  return (await checked(() => parseWebhookUrl(url, guard))).violations
}

async function collectorViolations(sql: Sql, domainId: string, collectorId: string) {
  const tooManyCharacters = tooLong('collector_id', collectorId, 40)
  if (collectorId === '' || tooManyCharacters.length > 0) return tooManyCharacters
  const rows = await sql.query('select from collector where domain_id = $1 and collector_id = $2', [
    domainId,
    collectorId,
  ])
  return rows.length === 0 ? [new NotFound('collector', collectorId)] : []
}
