import type { MessageInitShape } from '@bufbuild/protobuf'
import type { Context } from '../../access/index.ts'
import { toTimestamp } from '../../core/clock.ts'
import { InvalidParameter } from '../../core/errors.ts'
import type {
  CoverageHolderInfoSchema,
  CoverageResourceInfoSchema,
  CoverageResourcesInfoSchema,
} from '../../gen/gleaner/v1/coverage_pb.ts'
import { type CollectionInfoView, loadCollectionInfo } from '../../inventory/index.ts'
import { assertNames } from '../assert-names.ts'
import { type CellName, NO_NAME, nameFields } from '../cells.ts'
import { unwatchedOf, whyUnwatched } from '../ledger/why-unwatched.ts'
import { type ClaimedResource, listClaimedResources } from '../sql/claimed-resources.ts'
import { type ContributorRow, listLedgerCells, listLedgerContributors } from '../sql/ledger.ts'
import { type Holder, listHolders } from '../sql/resource-holders.ts'
import { type ClaimKey, type Presence, readPresences } from './presence.ts'

export type ClaimedResourcesInput = {
  readonly domainId: string
  readonly collectorId: string
  readonly secretId: string
  readonly name: CellName
  /** self, others; '' for all. */
  readonly keptBy: string
  /** Position of the first, counted from 1; 0 means 1. */
  readonly start: number
  /** At most 1,000, and that when it is 0. */
  readonly limit: number
}

const MAX_RESOURCES = 1_000
const KEPT_BY = ['self', 'others'] as const

/** Lists what is claimed in cells, also what their collectors do not see any more, each with everybody who keeps it alive. */
export async function listClaimed(
  ctx: Context,
  input: ClaimedResourcesInput,
): Promise<MessageInitShape<typeof CoverageResourcesInfoSchema>> {
  const keptBy = parseKeptBy(input.keptBy)
  const { domainId, collectorId, secretId, name } = input
  assertNames({ collector_id: collectorId, secret_id: secretId, ...nameFields(name) })
  const everybody = await listLedgerContributors(ctx.db, { domainId, collectorId: '', secretId: '' })
  const asked = everybody.filter(
    (each) =>
      (collectorId === '' || each.collectorId === collectorId) &&
      (secretId === '' || each.secretId === secretId),
  )
  const contributorIds = asked.map(({ contributorId }) => contributorId)
  const named = await listLedgerCells(ctx.db, { domainId, contributorIds, name })
  const cells = new Map(named.map((each) => [each.cell ?? 0, each]))
  const { claims, total } = await listClaimedResources(ctx.db, {
    domainId,
    contributorIds,
    cells: [...cells.keys()],
    keptBy,
    from: Math.max(0, input.start - 1),
    limit: input.limit === 0 ? MAX_RESOURCES : Math.min(input.limit, MAX_RESOURCES),
  })
  const known = { cells, ...(await readHolders(ctx, domainId, { claims, everybody })) }
  return { results: claims.map((claim) => toView(claim, known)), totalCount: total }
}

function parseKeptBy(text: string): (typeof KEPT_BY)[number] | '' {
  if (text === '') return ''
  const keptBy = KEPT_BY.find((each) => each === text)
  if (keptBy !== undefined) return keptBy
  throw new InvalidParameter('kept_by', `'${text}' is none of ${KEPT_BY.join(', ')}`)
}

/** What is known of everybody who claims one of these resources. */
type Holders = {
  readonly contributors: ReadonlyMap<number, ContributorRow>
  readonly holders: ReadonlyMap<string, readonly Holder[]>
  readonly presence: (claim: ClaimKey) => Presence
  readonly sightings: ReadonlyMap<string, readonly CollectionInfoView[]>
}

async function readHolders(
  ctx: Context,
  domainId: string,
  found: { readonly claims: readonly ClaimedResource[]; readonly everybody: readonly ContributorRow[] },
): Promise<Holders> {
  const ids = [...new Set(found.claims.map(({ id }) => id))]
  const holders = await listHolders(ctx.db, domainId, ids)
  return {
    contributors: new Map(found.everybody.map((each) => [each.contributorId, each])),
    holders,
    presence: await readPresences(ctx.db, domainId, [...holders.values()].flat()),
    sightings: await loadCollectionInfo(ctx.db, domainId, ids),
  }
}

function toView(
  claim: ClaimedResource,
  known: Holders & { readonly cells: ReadonlyMap<number, CellName> },
): MessageInitShape<typeof CoverageResourceInfoSchema> {
  const { contributorId, id, slot, endedAt } = claim
  const contributor = known.contributors.get(contributorId)
  return {
    cloudServiceId: id,
    name: claim.name,
    resourceId: claim.resourceId,
    collectorId: contributor?.collectorId ?? '',
    collectorName: contributor?.name ?? '',
    secretId: contributor?.secretId ?? '',
    ...nameOf(known.cells.get(claim.cell)),
    presence: slot === null ? 'ended' : known.presence({ contributorId, slot }),
    endedAt: endedAt === null ? '' : toTimestamp(endedAt),
    madeByHand: claim.isMadeByHand,
    holders: (known.holders.get(id) ?? []).flatMap((holder) => toHolderView(holder, known)),
  }
}

/** Cells of several contributors have one number where they have one name. */
function nameOf(cell: CellName = NO_NAME): CellName {
  const { provider, cloudServiceGroup, cloudServiceType, account, regionCode } = cell
  return { provider, cloudServiceGroup, cloudServiceType, account, regionCode }
}

function toHolderView(
  { id, contributorId, slot }: Holder,
  { contributors, presence, sightings }: Holders,
): MessageInitShape<typeof CoverageHolderInfoSchema>[] {
  const contributor = contributors.get(contributorId)
  if (contributor === undefined) return []
  const { collectorId, secretId, name, state } = contributor
  const sighting = sightings
    .get(id)
    ?.find((each) => each.collectorId === collectorId && each.secretId === secretId)
  const disabled = state === 'DISABLED' ? 'its collector is disabled' : ''
  return [
    {
      collectorId,
      collectorName: name ?? '',
      secretId,
      presence: presence({ contributorId, slot }),
      lastSeenAt: sighting?.lastCollectedAt ?? '',
      reason: whyUnwatched(unwatchedOf(contributor)) || disabled,
    },
  ]
}
