import { type Context, nameCaller } from '../../access/index.ts'
import { FailedPrecondition, NotFound, RequiredParameter } from '../../core/errors.ts'
import { recordResourceEvents } from '../../events/index.ts'
import type { Transaction } from '../../storage/index.ts'
import { type Change, diffDocuments } from '../diff.ts'
import { foldLayers, type ManualLayer } from '../fold.ts'
import { kindPath, type ResourceDocument, type ResourceKind } from '../kinds.ts'
import { byHand, insertChangeRecords } from '../write/history/change-records.ts'
import { retryConflicts } from '../write/retry-conflicts.ts'
import { type Contribution, keepDocuments, listContributions } from '../write/store/contributions.ts'
import { copiesToKeep, toLayers } from '../write/store/layers-of.ts'
import { lockResources } from '../write/store/lock-resources.ts'
import { toChanged, updateResources } from '../write/store/update-resources.ts'
import { assertNoTwin } from './assert-no-twin.ts'
import { assertProject } from './assert-project.ts'
import { layerOf, patchLayer } from './manual-layer.ts'
import { replaceLayer } from './store-layer.ts'

type UpdateByHand = { readonly domainId: string; readonly id: string; readonly patch: ManualLayer }

/** Changes a resource by hand: what is given stays, whatever collectors report later. */
export async function updateByHand(ctx: Context, kind: ResourceKind, update: UpdateByHand): Promise<void> {
  if (update.id === '') throw new RequiredParameter(kind.idColumn)
  await retryConflicts(
    ctx.db,
    (tx) => updateOnce(tx, kind, { ...update, by: nameCaller(ctx.principal), now: ctx.now() }),
    {
      signal: ctx.signal,
    },
  )
  ctx.log.info({ domainId: update.domainId, [kind.idColumn]: update.id }, 'updated by hand')
}

async function updateOnce(
  tx: Transaction,
  kind: ResourceKind,
  { domainId, id, patch, by, now }: UpdateByHand & { readonly by: string; readonly now: Date },
): Promise<void> {
  const before = await lockLive(tx, kind, domainId, id)
  await assertProject(tx, { domainId, given: patch })
  const contributions = (await listContributions(tx, domainId, [id])).get(id) ?? []
  const plan = planUpdate(kind, { before, contributions, patch })
  if (plan.changesKey)
    await assertKeyIsFree(tx, kind, { domainId, id, document: plan.after, collected: plan.collected })

  const { after, columns, changes } = plan
  const isChanged = columns.length > 0
  if (isChanged)
    await updateResources(tx, { domainId, kind, resources: [toChanged(id, after, columns)], now })
  if (kind.hasHistory) {
    const records = [{ targetId: id, action: 'UPDATE' as const, changes, ...byHand(by) }]
    await insertChangeRecords(tx, { domainId, taskSeq: null, now, records })
  }
  await keepDocuments(tx, domainId, plan.kept)
  await replaceLayer(tx, { domainId, kind, targetId: id, layer: plan.layer }, plan.manual)
  const change = { id, kind: kindPath(kind, after), type: `${kind.name}.updated` as const }
  await recordResourceEvents(tx, { domainId, taskSeq: null, changes: isChanged ? [change] : [] })
}

async function lockLive(
  tx: Transaction,
  kind: ResourceKind,
  domainId: string,
  id: string,
): Promise<ResourceDocument> {
  const noun = kind.table.replaceAll('_', ' ')
  const stored = (await lockResources(tx, domainId, kind, [id])).get(id)
  if (stored === undefined) throw new NotFound(noun, id)
  if (!stored.isDeleted) return stored.read()
  const message = `${noun} '${id}' is DELETED and cannot be changed. It comes back when a collector reports it again; until then create it anew`
  throw new FailedPrecondition('ERROR_RESOURCE_STATE', message)
}

type Plan = {
  readonly manual: Contribution | undefined
  readonly layer: ManualLayer
  readonly after: ResourceDocument
  readonly changes: readonly Change[]
  readonly kept: ReturnType<typeof copiesToKeep>
  /** Names of the columns in which it differs from what is stored. */
  readonly columns: readonly string[]
  readonly changesKey: boolean
  /** Collectors speak of it as well. */
  readonly collected: boolean
}

/** What an update means for the resource and for those who report it. Pure. */
function planUpdate(
  kind: ResourceKind,
  input: {
    readonly before: ResourceDocument
    readonly contributions: readonly Contribution[]
    readonly patch: ManualLayer
  },
): Plan {
  const { before, contributions, patch } = input
  const manual = contributions.find(({ isManual }) => isManual)
  const others = contributions.filter(({ isManual }) => !isManual)
  const collected = others.length > 0
  // A resource that nobody speaks of any more becomes that of whoever writes to it, as it stands.
  const written = manual?.document ?? (collected ? {} : layerOf(kind, before))
  const layer = patchLayer(kind, written, patch)
  const after = foldLayers(kind, toLayers(others, before), layer)
  const { columns, changes } = diffDocuments(kind, before, after)
  return {
    manual,
    layer,
    after,
    changes,
    kept: Object.keys(layer).length > 0 ? copiesToKeep(others, before) : [],
    columns,
    changesKey: kind.naturalKey.some((column) => columns.includes(column)),
    collected,
  }
}

/**
 * Collectors find a resource by its natural key. Under another one they would not find it, and store a twin;
 * so the key of what they report is theirs.
 */
async function assertKeyIsFree(
  tx: Transaction,
  kind: ResourceKind,
  update: {
    readonly domainId: string
    readonly id: string
    readonly document: ResourceDocument
    readonly collected: boolean
  },
): Promise<void> {
  if (update.collected) {
    const message = `cloud service '${update.id}' is reported by a collector, which finds it by account and reference.resource_id, so neither can be changed by hand; nothing was written. Leave both out`
    throw new FailedPrecondition('ERROR_COLLECTED_RESOURCE', message)
  }
  await assertNoTwin(tx, { ...update, kind, ownId: update.id })
}
