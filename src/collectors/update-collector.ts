import { isDeepStrictEqual } from 'node:util'
import type { JsonObject } from '@bufbuild/protobuf'
import type { Context } from '../access/index.ts'
import { GleanerError, RequiredParameter } from '../core/errors.ts'
import { assertNoViolations, checked } from '../core/violations.ts'
import {
  assertPluginEnabled,
  type PluginHost,
  type PluginRecord,
  type PluginRegistry,
  resolveVersion,
} from '../plugins/index.ts'
import { getEntity } from '../query/index.ts'
import { replaceManagedRules } from '../rules/index.ts'
import type { Sql } from '../storage/index.ts'
import type { Collector } from './collector.ts'
import {
  applyChanges,
  asksForDescription,
  type CollectorChanges,
  changeViolations,
  type PluginDescription,
  valueViolations,
  wantedVersion,
} from './collector-changes.ts'
import { type CollectorView, collectorEntity } from './collector-entity.ts'
import { describePlugin } from './describe-plugin.ts'
import { metadataViolations } from './metadata-violations.ts'
import { InitPluginFailure } from './plugin-failure.ts'
import { referenceViolations } from './reference-violations.ts'
import { getStoredCollector } from './sql/get-stored-collector.ts'
import { lockCollector } from './sql/lock-collector.ts'
import { updateCollectorRow } from './sql/update-collector-row.ts'

type UpdateCollectorDeps = { readonly registry: PluginRegistry; readonly plugins: PluginHost }

export type UpdateCollectorInput = {
  readonly domainId: string
  readonly collectorId: string
  readonly changes: CollectorChanges
  /** Whether the plugin is asked for its metadata even when nothing about it changes. */
  readonly describeAlways?: boolean
}

/** The plugin as a change wants it started. */
type Target = { readonly record: PluginRecord; readonly version: string; readonly options: JsonObject }

/** How often a change is tried when others change the same collector while its plugin is being asked. */
const MAX_TRIES = 3

/**
 * Changes a collector. Where the change is about the plugin, the plugin is started and asked first, without a
 * lock; under the lock the collector is looked at again, and what was asked for a state that has passed is
 * asked anew.
 */
export async function updateCollector(
  ctx: Context,
  deps: UpdateCollectorDeps,
  input: UpdateCollectorInput,
): Promise<CollectorView> {
  const { domainId, collectorId } = input
  if (collectorId === '') {
    assertNoViolations([new RequiredParameter('collector_id'), ...valueViolations(input.changes)])
  }
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const seen = await getStoredCollector(ctx.db, input)
    const target = await checked(() => chooseTarget(ctx, deps.registry, seen, input))
    const willDescribe = target.isGood && target.value !== undefined
    assertNoViolations([
      ...changeViolations(seen, input.changes),
      ...target.violations,
      ...(await selectionViolations(ctx.db, seen, applyChanges(seen, input.changes, undefined))),
      ...(willDescribe ? [] : metadataOf(input.changes, [seen.pluginMetadata])),
    ])
    if (!target.isGood) throw target.violation
    const described = target.value && (await describe(ctx, deps.plugins, seen, target.value))
    if (described !== undefined)
      assertNoViolations(metadataOf(input.changes, [seen.pluginMetadata, described.metadata]))
    if (!(await store(ctx, input, seen, described))) continue
    ctx.log.info({ domainId, collectorId }, 'collector changed')
    return await getEntity(ctx, collectorEntity, { domainId, id: collectorId })
  }
  throw new CollectorKeepsChanging(collectorId)
}

/** What the plugin has to be asked as; undefined when the changes do not concern it. */
async function chooseTarget(
  ctx: Context,
  registry: PluginRegistry,
  collector: Collector,
  { changes: { plugin = {} }, describeAlways = false }: UpdateCollectorInput,
): Promise<Target | undefined> {
  if (!describeAlways && !asksForDescription(plugin)) return undefined
  const { domainId, pluginId } = collector
  const wanted = wantedVersion(collector, plugin)
  const key = { domainId, pluginId }
  const record = await (wanted === 'newest'
    ? registry.getRefreshed(key, ctx.signal, ctx.db)
    : registry.getPlugin(key, ctx.db))
  assertPluginEnabled(record, 'the collector was not changed')
  const version = resolveVersion(
    record,
    wanted === 'newest' ? { upgradeMode: 'AUTO' } : { version: wanted, upgradeMode: 'MANUAL' },
  )
  return { record, version, options: plugin.options ?? collector.pluginOptions }
}

async function describe(
  ctx: Context,
  plugins: PluginHost,
  { domainId, collectorId, pluginId }: Collector,
  { record, version, options }: Target,
): Promise<PluginDescription> {
  try {
    const metadata = await describePlugin(ctx, plugins, { domainId, pluginId, version, options })
    return { version, options, metadata, provider: record.provider, capability: record.capability }
  } catch (thrown) {
    throw ctx.signal.aborted ? thrown : new InitPluginFailure(collectorId, thrown)
  }
}

function metadataOf({ plugin = {} }: CollectorChanges, known: readonly JsonObject[]): GleanerError[] {
  return metadataViolations(plugin.metadata ?? {}, known)
}

/** False when what the plugin was asked for is no longer what the collector needs. */
async function store(
  ctx: Context,
  input: UpdateCollectorInput,
  seen: Collector,
  described: PluginDescription | undefined,
): Promise<boolean> {
  return await ctx.db.transaction(async (tx) => {
    const collector = await lockCollector(tx, input)
    if (described !== undefined && !isSamePlugin(collector, seen)) return false
    const changed = applyChanges(collector, input.changes, described)
    assertNoViolations([
      ...changeViolations(collector, input.changes),
      ...(await selectionViolations(tx, collector, changed)),
    ])
    await updateCollectorRow(tx, changed)
    if (described !== undefined) {
      const { domainId, collectorId } = collector
      const { metadata } = described
      await replaceManagedRules(tx, ctx.log, { domainId, collectorId, metadata, at: ctx.now() })
    }
    return true
  })
}

/** What is kept is not looked at again: a selection made long ago must not stand in the way of a new name. */
async function selectionViolations(sql: Sql, before: Collector, after: Collector): Promise<GleanerError[]> {
  return before.selection === after.selection ? [] : await referenceViolations(sql, after)
}

function isSamePlugin(one: Collector, other: Collector): boolean {
  return (
    one.pluginVersion === other.pluginVersion &&
    one.upgradeMode === other.upgradeMode &&
    isDeepStrictEqual(one.pluginOptions, other.pluginOptions)
  )
}

class CollectorKeepsChanging extends GleanerError {
  constructor(collectorId: string) {
    super(
      'conflict',
      'ERROR_CONFLICT',
      `collector '${collectorId}' was changed by others ${MAX_TRIES} times while its plugin was asked, so this change was not made. Read it, and try again`,
      { retryable: true },
    )
  }
}
