import type { JsonObject } from '@bufbuild/protobuf'
import { type Case, casesOf } from '../case.ts'
import type { World } from '../world.ts'
import { namingCases } from './naming.ts'

const SERVICE = 'gleaner.v1.Coverage'
const { answers, refuses } = casesOf(SERVICE)

/**
 * A collector that has reported one disk, which the newest receipt did not see: told to the database, no
 * plugin runs.
 */
async function reportedDisk(world: World) {
  const { domain_id, collector_id } = await world.collector()
  const { db } = world.app.database
  const id = world.unique('cloud-svc')
  const [row] = await db.query<{ contributorId: number }>(
    'insert into contributor (domain_id, collector_id, next_slot) values ($1, $2, 1) returning contributor_id',
    [domain_id, collector_id],
  )
  const contributorId = row?.contributorId ?? 0
  await db.query(
    `insert into cloud_service (domain_id, cloud_service_id, name, provider, cloud_service_group, cloud_service_type, account,
                                region_code, resource_id, created_at, updated_at, created_seq)
     values ($1, $2, $2, 'acme', 'Storage', 'Disk', '40017', 'eu-1', $2, now(), now(), 900000000)`,
    [domain_id, id],
  )
  await db.query(
    `insert into contribution (domain_id, contributor_id, slot, kind, target_id, cell, memo, content_hash, first_seq, changed_seq)
     values ($1, $2, 0, 1, $3, 7, gen_random_uuid(), gen_random_uuid(), 1, 1)`,
    [domain_id, contributorId, id],
  )
  await db.query(
    `insert into coverage_cell (domain_id, contributor_id, cell, provider, cloud_service_group, cloud_service_type, account,
                                region_code, claims)
     values ($1, $2, 7, 'acme', 'Storage', 'Disk', '40017', 'eu-1', 1)`,
    [domain_id, contributorId],
  )
  await db.query(
    `insert into claim_state (domain_id, contributor_id, epoch, in_scope, in_epoch, missed)
     values ($1, $2, 'a.b', '\\x01', '\\x01', array['\\x01', '\\x01', '\\x01']::bytea[])`,
    [domain_id, contributorId],
  )
  return { domain_id, collector_id, contributorId, cloud_service_id: id }
}

async function openHold(world: World): Promise<JsonObject> {
  const { domain_id, contributorId } = await reportedDisk(world)
  const hold_id = world.unique('hold')
  await world.app.database.db.query(
    `insert into hold (domain_id, hold_id, contributor_id, reason, scope, slots, claims, of_claims, epoch, receipts, first_seq,
                       last_seq, created_at)
     values ($1, $2, $3, 'emptied', 'cell', '\\x01', 1, 1, 'a.b', 1, 1, 1, now())`,
    [domain_id, hold_id, contributorId],
  )
  return { domain_id, hold_id }
}

async function disk(world: World): Promise<JsonObject> {
  const { domain_id, cloud_service_id } = await reportedDisk(world)
  return { domain_id, cloud_service_id }
}

async function retiredDisk(world: World): Promise<JsonObject> {
  const { domain_id, collector_id, cloud_service_id } = await reportedDisk(world)
  await world.given(`${SERVICE}.retire`, { domain_id, collector_id, claims: 'delete' })
  return { domain_id, cloud_service_id }
}

const BY_POLICY = { reason: 'forbidden by policy' }

async function accepted(world: World) {
  const { domain_id, collector_id } = await reportedDisk(world)
  const made = await world.given(`${SERVICE}.accept`, { domain_id, collector_id, ...BY_POLICY })
  return { domain_id, collector_id, acceptance_id: String(made.acceptance_id) }
}

async function acceptance(world: World): Promise<JsonObject> {
  const { domain_id, acceptance_id } = await accepted(world)
  return { domain_id, acceptance_id }
}

const cellOfDisk = { cloud_service_type: 'Disk', state: 'unknown', count: 1, last_receipt_at: '' }

export const COVERAGE_CASES: readonly Case[] = [
  answers(
    'list',
    'the cells of a collector in one state',
    async (world) => {
      const { domain_id, collector_id } = await reportedDisk(world)
      const kind = { provider: 'acme', cloud_service_group: 'Storage', cloud_service_type: 'Disk' }
      const place = { account: '40017', region_code: 'eu-1', secret_id: '' }
      return {
        domain_id,
        collector_id,
        ...kind,
        ...place,
        state: 'unknown',
        gaps: 'unaccepted',
        max_age: '2d',
        page: { start: 1, limit: 10 },
      }
    },
    { total_count: 1, complete_count: 0, complete: false, oldest_evidence_at: '', results: [cellOfDisk] },
  ),
  refuses('list', 'an age that is none', async ({ domain_id }) => ({ domain_id, max_age: '3w' }), [
    'invalid',
    'ERROR_INVALID_PARAMETER',
    "'max_age'",
  ]),
  refuses('list', 'gaps that are neither', async ({ domain_id }) => ({ domain_id, gaps: 'both' }), [
    'invalid',
    'ERROR_INVALID_PARAMETER',
    'accepted, unaccepted',
  ]),
  refuses('list', 'a state that no cell has', async ({ domain_id }) => ({ domain_id, state: 'fine' }), [
    'invalid',
    'ERROR_INVALID_PARAMETER',
    'complete, stale, partial, unknown, held',
  ]),

  answers(
    'list_resources',
    'what a collector alone keeps in a cell',
    async (world) => {
      const { domain_id, collector_id } = await reportedDisk(world)
      const kind = { provider: 'acme', cloud_service_group: 'Storage', cloud_service_type: 'Disk' }
      const place = { account: '40017', region_code: 'eu-1', secret_id: '' }
      return { domain_id, collector_id, ...kind, ...place, kept_by: 'self', page: { start: 1, limit: 10 } }
    },
    {
      total_count: 1,
      results: [
        { cloud_service_type: 'Disk', presence: 'missed', made_by_hand: false, holders: { length: 1 } },
      ],
    },
  ),
  refuses(
    'list_resources',
    'a keeper that is neither',
    async ({ domain_id }) => ({ domain_id, kept_by: 'me' }),
    ['invalid', 'ERROR_INVALID_PARAMETER', 'self, others'],
  ),

  answers(
    'list_holds',
    'the open holds of a collector',
    async (world) => {
      const { domain_id, hold_id } = await openHold(world)
      const [row] = await world.app.database.db.query<{ collectorId: string }>(
        'select collector_id from hold join contributor using (domain_id, contributor_id) where domain_id = $1 and hold_id = $2',
        [domain_id, hold_id],
      )
      return { domain_id: String(domain_id), collector_id: row?.collectorId ?? '', state: 'open' }
    },
    { results: [{ reason: 'emptied', scope: 'cell', count: 1, of_count: 1, state: 'open' }] },
  ),
  refuses('list_holds', 'a state that no hold has', async ({ domain_id }) => ({ domain_id, state: 'shut' }), [
    'invalid',
    'ERROR_INVALID_PARAMETER',
    'open, released, lapsed',
  ]),

  answers('release_hold', 'an open hold', openHold, { deleted_count: 1 }),
  ...namingCases(SERVICE, 'release_hold', 'hold_id', openHold),
  refuses(
    'release_hold',
    'a hold that was released',
    async (world) => {
      const request = await openHold(world)
      await world.given(`${SERVICE}.release_hold`, request)
      return request
    },
    ['failed_precondition', 'ERROR_HOLD_STATE', 'released already'],
  ),

  answers(
    'retire',
    'an account, with what it has',
    async (world) => {
      const { domain_id, collector_id } = await reportedDisk(world)
      return { domain_id, collector_id, secret_id: '', account: '40017', claims: 'delete' }
    },
    { deleted_count: 1 },
  ),
  ...namingCases(
    SERVICE,
    'retire',
    'collector_id',
    async (world) => {
      const { domain_id, collector_id } = await reportedDisk(world)
      return { domain_id, collector_id }
    },
    { claims: 'keep' },
  ),
  answers(
    'retire',
    'a kind in a region',
    async (world) => {
      const { domain_id, collector_id } = await reportedDisk(world)
      const kind = { provider: 'acme', cloud_service_group: 'Storage', cloud_service_type: 'Disk' }
      return { domain_id, collector_id, ...kind, region_code: 'eu-1', claims: 'delete' }
    },
    { deleted_count: 1 },
  ),
  refuses(
    'retire',
    'what is unknown, before a run was complete',
    async (world) => {
      const { domain_id, collector_id } = await reportedDisk(world)
      return { domain_id, collector_id, presence: 'unknown', claims: 'delete' }
    },
    ['failed_precondition', 'ERROR_NOT_LISTED', 'Nothing was retired'],
  ),
  refuses(
    'retire',
    'a presence that cannot be chosen',
    async (world) => {
      const { domain_id, collector_id } = await reportedDisk(world)
      return { domain_id, collector_id, presence: 'missed', claims: 'delete' }
    },
    ['invalid', 'ERROR_INVALID_PARAMETER', "'presence'"],
  ),
  refuses(
    'retire',
    'claims that are neither kept nor deleted',
    async (world) => {
      const { domain_id, collector_id } = await reportedDisk(world)
      return { domain_id, collector_id, claims: 'sell' }
    },
    ['invalid', 'ERROR_INVALID_PARAMETER', 'keep, delete'],
  ),

  answers(
    'accept',
    'failures of one class in a cell, for a while',
    async (world) => {
      const { domain_id, collector_id } = await reportedDisk(world)
      const kind = { provider: 'acme', cloud_service_group: 'Storage', cloud_service_type: 'Disk' }
      const place = { account: '40017', region_code: 'eu-1', secret_id: '' }
      return {
        domain_id,
        collector_id,
        ...kind,
        ...place,
        classes: ['denied'],
        ...BY_POLICY,
        until: 'now+90d',
      }
    },
    { state: 'unused', gap_count: 0, complete_count: 0, classes: ['denied'], ended_at: '', ...BY_POLICY },
  ),
  answers(
    'accept',
    'all gaps of a collector',
    async (world) => {
      const { domain_id, collector_id } = await reportedDisk(world)
      return { domain_id, collector_id, ...BY_POLICY }
    },
    { state: 'active', gap_count: 1, until: '' },
  ),
  ...namingCases(
    SERVICE,
    'accept',
    'collector_id',
    async (world) => {
      const { domain_id, collector_id } = await reportedDisk(world)
      return { domain_id, collector_id }
    },
    BY_POLICY,
  ),
  refuses(
    'accept',
    'gaps without a reason',
    async (world) => {
      const { domain_id, collector_id } = await reportedDisk(world)
      return { domain_id, collector_id }
    },
    ['invalid', 'ERROR_REQUIRED_PARAMETER', "'reason'"],
  ),
  refuses(
    'accept',
    'a class that no failure has',
    async (world) => {
      const { domain_id, collector_id } = await reportedDisk(world)
      return { domain_id, collector_id, ...BY_POLICY, classes: ['held'] }
    },
    ['invalid', 'ERROR_INVALID_PARAMETER', "'classes'"],
  ),
  refuses(
    'accept',
    'gaps until a time that has passed',
    async (world) => {
      const { domain_id, collector_id } = await reportedDisk(world)
      return { domain_id, collector_id, ...BY_POLICY, until: '2020-01-01' }
    },
    ['invalid', 'ERROR_INVALID_PARAMETER', "'until'"],
  ),

  answers(
    'list_acceptances',
    'what a collector is accepted by',
    async (world) => {
      const { domain_id, collector_id } = await accepted(world)
      return { domain_id, collector_id, state: 'active' }
    },
    { total_count: 1, results: [{ state: 'active', gap_count: 1, ...BY_POLICY }] },
  ),
  refuses(
    'list_acceptances',
    'a state that no acceptance has',
    async ({ domain_id }) => ({ domain_id, state: 'held' }),
    ['invalid', 'ERROR_INVALID_PARAMETER', 'active, unused, expired, ended'],
  ),

  answers('end_acceptance', 'one that holds', acceptance, { state: 'ended', gap_count: 0 }),
  ...namingCases(SERVICE, 'end_acceptance', 'acceptance_id', acceptance),
  refuses(
    'end_acceptance',
    'one that was ended',
    async (world) => {
      const request = await acceptance(world)
      await world.given(`${SERVICE}.end_acceptance`, request)
      return request
    },
    ['failed_precondition', 'ERROR_ACCEPTANCE_STATE', 'ended already'],
  ),

  answers('undo', 'a resource that was retired', retiredDisk, { cloud_service_ids: { length: 1 } }),
  ...namingCases(SERVICE, 'undo', 'cloud_service_id', retiredDisk),
  refuses('undo', 'an unknown job', async ({ domain_id }) => ({ domain_id, job_id: 'job-ffffffffffff' }), [
    'not_found',
    'ERROR_NOT_FOUND',
    'not found',
  ]),
  refuses('undo', 'a resource that is there', disk, [
    'failed_precondition',
    'ERROR_RESOURCE_STATE',
    'is not DELETED',
  ]),

  answers('history', 'a resource that was reported', disk, {
    results: [{ action: 'created', cause: 'collector', job_id: '', changes: [] }],
  }),
  ...namingCases(SERVICE, 'history', 'cloud_service_id', disk),
]
