import { PluginError, type ScopeFields, type Yielded } from '@gleaner/sdk'
import { type ArmApi, createArmApi, GRAPH_API } from './arm-api.ts'
import { assertReadsAll } from './assert-reads-all.ts'
import { createExcluder } from './exclude.ts'
import { findUnindexed } from './find-unindexed.ts'
import { declarationOf, GROUP_TYPE, kindOf, nameOf, RESOURCE_TYPES, SUBSCRIPTION_TYPE } from './kinds.ts'
import { listRows, type Row } from './list-rows.ts'
import type { Collecting } from './options.ts'
import { REGIONS } from './regions.ts'
import { findSubscriptions, getSubscription, rowOfSubscription } from './subscriptions.ts'
import { chosenSubscriptions, readTask, type Task } from './tasks.ts'
import { toFields, typeOf } from './to-fields.ts'

const SUBSCRIPTION = nameOf(kindOf(SUBSCRIPTION_TYPE))
const COLUMNS =
  'id, name, type, kind, location, resourceGroup, subscriptionId, managedBy, sku, plan, properties, tags, identity, zones, extendedLocation'
/** Without an order the pages of a query need not fit together. */
const QUERIES = [
  `resourcecontainers | where type in~ ('${SUBSCRIPTION_TYPE}', '${GROUP_TYPE}') | order by id asc | project ${COLUMNS}`,
  `resources | order by id asc | project ${COLUMNS}`,
]

/** A call asks for its scopes first and collects then; both are of the same task. */
const tasks = new WeakMap<AbortSignal, Promise<Task>>()

/**
 * Each kind that the inventory knows of a subscription, and the subscription itself, so that one that may not
 * be read from the beginning has a name in the ledger and costs no other its receipt.
 */
export async function* scopes(ctx: Collecting): AsyncGenerator<ScopeFields> {
  const { subscriptions } = await taskOf(ctx, createArmApi(ctx))
  for (const account of subscriptions) {
    yield { type: SUBSCRIPTION, account }
    for (const type of knownTypes(ctx, account)) if (type !== SUBSCRIPTION) yield { type, account }
  }
}

export async function* collect(ctx: Collecting): AsyncGenerator<Yielded | readonly Yielded[]> {
  const api = createArmApi(ctx)
  const { looksForLost, subscriptions } = await taskOf(ctx, api)
  if (looksForLost) yield* tellLost(ctx, api)
  predict(ctx, subscriptions)
  for (const [index, subscription] of subscriptions.entries()) {
    yield* collectSubscription(ctx, api, subscription)
    yield ctx.progress({ done: index + 1, total: subscriptions.length, message: subscription })
  }
}

/** What a call that was not split reads is found out as it would have been for its parts. */
function taskOf(ctx: Collecting, api: ArmApi): Promise<Task> {
  const task = tasks.get(ctx.signal) ?? findTask(ctx, api)
  tasks.set(ctx.signal, task)
  return task
}

async function findTask(ctx: Collecting, api: ArmApi): Promise<Task> {
  const task = readTask(ctx.taskOptions)
  if (task !== undefined) return task
  const chosen = chosenSubscriptions(ctx)
  return { subscriptions: chosen ?? (await findSubscriptions(api)), looksForLost: chosen === undefined }
}

/**
 * A subscription that is not seen any more may have ended, or taken a role away: both look the same from
 * here. So it is told, and nothing in it counts as gone.
 */
async function* tellLost(ctx: Collecting, api: ArmApi): AsyncGenerator<Yielded> {
  const known = new Set(ctx.known.map(({ account }) => account))
  if (known.size === 0) return
  const seen = new Set(await findSubscriptions(api))
  for (const account of known)
    if (!seen.has(account))
      yield ctx.error({
        account,
        code: 'ERROR_SUBSCRIPTION_UNSEEN',
        message:
          'the credential does not see this subscription any more: it has ended, or a role was taken away. Nothing in it counts as gone; if it is, retire the account',
      })
}

async function* collectSubscription(
  ctx: Collecting,
  api: ArmApi,
  subscription: string,
): AsyncGenerator<readonly Yielded[]> {
  const met = new Set(knownTypes(ctx, subscription))
  const place = { met, subscription, portal: api.cloud.portal }
  const indexed = new Set<string>()
  let behind: ReadonlyMap<string, string>
  try {
    const about = await getSubscription(api, subscription)
    // It is there, whatever else may be read of it: what fails from here on has a place in the ledger.
    yield toResources(ctx, [rowOfSubscription(subscription, about)], place)
    await assertReadsAll(ctx, api, { id: subscription, state: about.state })
    for (const query of QUERIES)
      for await (const rows of listRows(api, { subscription, query, pageSize: ctx.options.page_size })) {
        for (const { id } of rows) indexed.add(id.toLowerCase())
        yield toResources(ctx, rows.filter(isOther), place)
      }
    assertKnown(indexed, subscription)
    // A role that was taken away meanwhile has hidden what was not listed yet.
    await assertReadsAll(ctx, api, { id: subscription, state: about.state })
    behind = await unindexedKinds(ctx, api, { met, indexed, subscription })
  } catch (error) {
    yield [ctx.error({ account: subscription, error: assertBearable(ctx, error) })]
    return
  }
  yield [...behind].map(([type, message]) =>
    ctx.error({ type, account: subscription, code: 'ERROR_INDEX_BEHIND', message }),
  )
  const complete = [...new Set([...Object.keys(RESOURCE_TYPES), ...met])].filter((type) => !behind.has(type))
  yield complete.map((type) => ctx.complete({ type, account: subscription }))
}

/** The subscription itself is told as Resource Manager has it. */
function isOther({ type }: Row): boolean {
  return type.toLowerCase() !== SUBSCRIPTION_TYPE
}

/**
 * Resource Graph leaves out a subscription that it may not show, and says nothing; one that it does show is
 * in the list itself.
 */
function assertKnown(indexed: ReadonlySet<string>, subscription: string): void {
  if (indexed.has(`/subscriptions/${subscription}`)) return
  throw new PluginError(
    'ERROR_SUBSCRIPTION_UNSEEN',
    'Resource Graph does not show the subscription itself, so that what it lists proves nothing',
    { status: 'FAILED_PRECONDITION' },
  )
}

type Place = { readonly met: Set<string>; readonly subscription: string }

/** Kinds of which the index has lost something, and what. Of kinds that it never had, nothing can be lost. */
async function unindexedKinds(
  ctx: Collecting,
  api: ArmApi,
  { indexed, met, subscription }: Place & { readonly indexed: ReadonlySet<string> },
): Promise<ReadonlyMap<string, string>> {
  if (!ctx.options.check_index) return new Map()
  const missing = await findUnindexed(api, subscription, { indexed, nowMs: Date.now() })
  const lost = Map.groupBy(missing, typeOf)
  return new Map(
    [...lost]
      .filter(([type]) => met.has(type))
      .map(([type, all]) => [
        type,
        `Resource Manager has ${all.length} of these that Resource Graph does not list, such as ${all[0]?.id}`,
      ]),
  )
}

/**
 * The resources of a page, with the regions that are not declared; `met` gets to know the kinds that came.
 */
function toResources(
  ctx: Collecting,
  rows: readonly Row[],
  { met, portal, subscription }: Place & { readonly portal: string },
): readonly Yielded[] {
  const isExcluded = createExcluder(ctx.options.exclude)
  return rows.flatMap((row) => {
    if (isExcluded(row.type)) return []
    const type = typeOf(row)
    ctx.declareType(type, declarationOf(kindOf(row.type)))
    met.add(type)
    const fields = toFields(row, subscription, portal)
    const { regionCode = '' } = fields
    const region = Object.hasOwn(REGIONS, regionCode) ? [] : [ctx.region({ regionCode, name: regionCode })]
    return [...region, ctx.cloudService(type, fields)]
  })
}

/**
 * Kinds that the inventory holds of an account; each of them is declared, so that it can be said that nothing
 * of it is left.
 */
function knownTypes({ declareType, known }: Collecting, account: string): readonly string[] {
  const cells = known.filter((cell) => cell.account === account)
  for (const cell of cells) declareType(nameOf(cell), declarationOf(cell))
  return [...new Set(cells.map(nameOf))]
}

/**
 * What fails one subscription is told there. A credential that is refused opens none, which fails the call.
 */
function assertBearable({ signal }: Collecting, error: unknown): unknown {
  signal.throwIfAborted()
  if (error instanceof PluginError && error.status === 'UNAUTHENTICATED') throw error
  return error
}

function predict(ctx: Collecting, subscriptions: readonly string[]): void {
  const pages = subscriptions.map((subscription) => {
    const cells = ctx.known.filter(({ account }) => account === subscription)
    const count = cells.reduce((sum, { resources }) => sum + resources, 0)
    return 1 + Math.max(1, Math.ceil(count / ctx.options.page_size))
  })
  ctx.predict([[GRAPH_API, pages.reduce((sum, count) => sum + count, 0)]])
}
