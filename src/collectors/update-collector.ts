import { isDeepStrictEqual } from 'node:util'
import type { Context } from '../access/index.ts'
import { GleanerError, RequiredParameter } from '../core/errors.ts'
import { assertNoViolations } from '../core/violations.ts'
import {
  assertPluginEnabled,
  type PluginHost,
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

export type UpdateCollectorDeps = { readonly registry: PluginRegistry; readonly plugins: PluginHost }

export type UpdateCollectorInput = {
  readonly domainId: string
  readonly collectorId: string
  readonly changes: CollectorChanges
  /** Whether the plugin is asked for its metadata even when nothing about it changes. */
  readonly describeAlways?: boolean
}

/** How often a change is tried when others change the same collector while its plugin is being asked. */
const MAX_TRIES = 3

/**
 * Changes a collector. Where the change is about the plugin, the plugin is started and asked first, without a lock;
 * under the lock the collector is looked at again, and what was asked for a state that has passed is asked anew.
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
    assertNoViolations([
      ...changeViolations(seen, input.changes),
      ...(await selectionViolations(ctx.db, seen, applyChanges(seen, input.changes, undefined))),
    ])
    const described = await describe(ctx, deps, seen, input)
    assertMetadata(input.changes, seen, described)
    if (!(await store(ctx, input, seen, described))) continue
    ctx.log.info({ domainId, collectorId }, 'collector changed')
    return await getEntity(ctx, collectorEntity, { domainId, id: collectorId })
  }
  throw new CollectorKeepsChanging(collectorId)
}

/** Asks the plugin as the changes want it; undefined when they do not concern it. */
async function describe(
  ctx: Context,
  { registry, plugins }: UpdateCollectorDeps,
  collector: Collector,
  { changes, describeAlways = false }: UpdateCollectorInput,
): Promise<PluginDescription | undefined> {
  const { plugin = {} } = changes
  if (!describeAlways && !asksForDescription(plugin)) return undefined
  const { domainId, collectorId, pluginId } = collector
  const record = await registry.getPlugin({ domainId, pluginId })
  assertPluginEnabled(record, 'the collector was not changed')
  const wanted = wantedVersion(collector, plugin)
  const version = resolveVersion(
    record,
    wanted === 'newest' ? { upgradeMode: 'AUTO' } : { version: wanted, upgradeMode: 'MANUAL' },
  )
  const options = plugin.options ?? collector.pluginOptions
  try {
    const metadata = await describePlugin(ctx, plugins, { domainId, pluginId, version, options })
    return { version, options, metadata, provider: record.provider, capability: record.capability }
  } catch (thrown) {
    throw ctx.signal.aborted ? thrown : new InitPluginFailure(collectorId, thrown)
  }
}

function assertMetadata(
  { plugin = {} }: CollectorChanges,
  seen: Collector,
  described: PluginDescription | undefined,
): void {
  const known = described === undefined ? [seen.pluginMetadata] : [seen.pluginMetadata, described.metadata]
  assertNoViolations(metadataViolations(plugin.metadata ?? {}, known))
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
