import { type CallMeter, createCallMeter } from '../calls/call-meter.ts'
import { checkDiscovered } from '../check-declaration.ts'
import type { CallContext, CollectContext } from '../context.ts'
import { listScope } from '../list-scope.ts'
import type { Plugin } from '../plugin.ts'
import type { News, Yielded } from '../resources.ts'
import { encodeApiCalls, encodeForecast } from '../wire/extension.ts'
import { ResourceEncoder } from '../wire/resource-encoder.ts'
import type { ActiveWork } from './active-work.ts'
import { whenAborted } from './call-signal.ts'
import { assertTypes, createCallTypes } from './call-types.ts'
import { readCall, type Ways } from './read-call.ts'
import type { ResourceSink } from './resource-sink.ts'
import type { Frame } from './run-call.ts'

type CollectStream = Frame & {
  readonly sink: ResourceSink
  readonly ways: Ways
  readonly active: ActiveWork
}

/**
 * Runs `collect` and writes what it yields, never faster than the caller reads. However it ends, the
 * generator is told to return, so its `finally` runs: at once where it stands at a `yield`, else as soon as
 * what it awaits settles.
 */
export async function streamCollect(plugin: Plugin, stream: CollectStream): Promise<void> {
  const { redact, active, sink } = stream
  const meter = createCallMeter()
  const ctx = readCall(plugin, stream, stream.ways, meter)
  const types = createCallTypes(await findTypes(plugin, ctx))
  const encoder = new ResourceEncoder({ ...plugin, resourceTypes: types.known }, redact)
  const context = collectContext(stream, ctx, { meter, declareType: types.declare })
  const iterator = plugin.collect(context)[Symbol.asyncIterator]()
  const write = async () => {
    encoder.begin(sink.resource)
    await openScopes(plugin, context, encoder, sink)
    await writeAll(sink, encoder, iterator, ctx.signal)
  }
  try {
    await Promise.race([write(), whenAborted(ctx.signal)])
  } finally {
    for (const calls of meter.totals()) sink.news('calls', encodeApiCalls(calls))
    if (meter.predictedSeconds() > 0) sink.news('forecast', encodeForecast(meter.predictedSeconds()))
    sink.end()
    active.track(close(iterator, ctx))
  }
}

/** The declared types, and those that the provider names; each of them counts as declared in this call. */
async function findTypes(plugin: Plugin, ctx: CallContext): Promise<Plugin['resourceTypes']> {
  if (plugin.discoverTypes === undefined) return plugin.resourceTypes
  const found = await Promise.race([plugin.discoverTypes(ctx), whenAborted(ctx.signal)])
  const types = { ...Object.fromEntries(plugin.resourceTypes), ...found }
  assertTypes(checkDiscovered(types))
  return new Map(Object.entries(types))
}

async function openScopes(
  plugin: Plugin,
  context: CollectContext,
  encoder: ResourceEncoder,
  sink: ResourceSink,
): Promise<void> {
  if (plugin.scopes === undefined) return
  for await (const fields of plugin.scopes(context)) {
    sink.news('opened', encoder.news({ kind: 'opened', fields }))
    await sink.whenReady()
  }
}

/**
 * Awaits only when the reader is behind: a promise for each of a million messages would cost as much as they
 * do.
 */
async function writeAll(
  sink: ResourceSink,
  encoder: ResourceEncoder,
  iterator: AsyncIterator<Yielded | readonly Yielded[]>,
  signal: AbortSignal,
): Promise<void> {
  while (true) {
    const { done, value } = await iterator.next()
    if (done || signal.aborted) return
    for (const each of isPage(value) ? value : [value]) {
      if (isNews(each)) sink.news(each.kind, encoder.news(each))
      else encoder.encode(each, sink.resource)
      const behind = sink.whenReady()
      if (behind === undefined) continue
      await behind
      if (signal.aborted) return
    }
  }
}

function isPage(value: Yielded | readonly Yielded[]): value is readonly Yielded[] {
  return Array.isArray(value)
}

function isNews(yielded: Yielded): yielded is News {
  return yielded.kind === 'completed' || yielded.kind === 'progress' || yielded.kind === 'opened'
}

type Means = { readonly meter: CallMeter; readonly declareType: CollectContext['declareType'] }

function collectContext(
  { request }: CollectStream,
  ctx: CallContext,
  { declareType, meter }: Means,
): CollectContext {
  return {
    ...ctx,
    filter: request.filter,
    taskOptions: request.taskOptions,
    known: request.known,
    measured: request.measured,
    predict: meter.predict,
    declareType,
    cloudService: (type, fields) => ({ kind: 'cloud_service', type, fields }),
    region: (fields) => ({ kind: 'region', fields }),
    error: (fields) => ({ kind: 'error', fields }),
    list: (scope, source) => listScope(ctx, scope, source),
    complete: (fields) => ({ kind: 'completed', fields }),
    progress: (fields) => ({ kind: 'progress', fields }),
  }
}

/** Not awaited by the call: a generator that awaits something deaf to the signal must not hold it. */
async function close(iterator: AsyncIterator<Yielded | readonly Yielded[]>, ctx: CallContext): Promise<void> {
  try {
    await iterator.return?.()
  } catch (error) {
    ctx.log.warn('collect failed while it was being closed', { error })
  }
}
