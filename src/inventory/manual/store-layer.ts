import { InvalidParameter } from '../../core/errors.ts'
import type { Transaction } from '../../storage/index.ts'
import { canonicalHash, type JsonObject } from '../decode/index.ts'
import type { ManualLayer } from '../fold.ts'
import type { ResourceKind } from '../kinds.ts'
import {
  type Contribution,
  deleteContributions,
  insertContributions,
  takeSlots,
  updateContributions,
} from '../write/store/contributions.ts'

/** What was written by hand about one resource, and where it is kept. */
type LayerWrite = {
  readonly domainId: string
  readonly kind: ResourceKind
  readonly targetId: string
  readonly layer: ManualLayer
}

/** Many updates must not make what one request could not. */
const MAX_LAYER_BYTES = 4 * 1024 * 1024

/** No run brought it: sequences of tasks begin at 1. */
const NO_TASK = 0

/**
 * Keeps a layer beside what collectors say, as the contribution of a contributor without a collector, one a
 * domain. That contributor's row is locked last of all, so that whoever holds it waits for nobody.
 */
export async function insertLayer(tx: Transaction, write: LayerWrite): Promise<void> {
  const { domainId, kind, targetId } = write
  const contributorId = await ensureContributor(tx, domainId)
  const slot = await takeSlots(tx, domainId, contributorId, 1)
  const contributions = [{ targetId, slot, ...toContribution(write) }]
  await insertContributions(tx, {
    domainId,
    contributorId,
    kindCode: kind.code,
    taskSeq: NO_TASK,
    contributions,
  })
}

/** Stores the layer over the one before; an empty one is taken away. */
export async function replaceLayer(
  tx: Transaction,
  write: LayerWrite,
  before: Contribution | undefined,
): Promise<void> {
  const isEmpty = Object.keys(write.layer).length === 0
  if (before === undefined) {
    if (!isEmpty) await insertLayer(tx, write)
    return
  }
  const { contributorId, slot } = before
  if (isEmpty) {
    await deleteContributions(tx, { ...write, contributorId })
    return
  }
  const contributions = [{ slot, ...toContribution(write) }]
  await updateContributions(tx, { ...write, contributorId, taskSeq: NO_TASK, contributions })
}

function toContribution({ kind, layer }: LayerWrite) {
  const bytes = Buffer.byteLength(JSON.stringify(layer))
  if (bytes > MAX_LAYER_BYTES) {
    const reason = `with it, ${bytes} bytes would be written by hand in this resource, at most ${MAX_LAYER_BYTES} are stored`
    throw new InvalidParameter('data', reason)
  }
  const contentHash = canonicalHash([kind.code, { ...layer } satisfies JsonObject])
  return { cell: null, memo: contentHash, looseMemo: null, contentHash, document: layer }
}

async function ensureContributor(tx: Transaction, domainId: string): Promise<number> {
  await tx.query(
    `insert into contributor (domain_id, collector_id, secret_id) values ($1, '', '')
     on conflict (domain_id, collector_id, secret_id) do nothing`,
    [domainId],
  )
  const [row] = await tx.query<{ contributorId: number }>(
    `select contributor_id from contributor where domain_id = $1 and collector_id = '' and secret_id = ''`,
    [domainId],
  )
  if (row === undefined)
    throw new Error(`domain '${domainId}' has no contributor for what is written by hand`)
  return row.contributorId
}
