import type { ResourceTypeDeclaration } from '@gleaner/sdk'
import type { Context } from '../options.ts'
import { KINDS } from '../services/index.ts'
import { openSession } from '../session.ts'
import { type Catalog, createCatalog, declarationOf } from './catalog.ts'
import { coveredBy } from './covered.ts'
import { loadWideData } from './load-data.ts'
import { WIDE_SERVICE } from './options.ts'
import type { WideType } from './wide-type.ts'
import { findYoungTypes } from './young-types.ts'

/**
 * One for each call, which asks for it twice: to name the types, and to list them. The signal is what a call
 * keeps.
 */
const catalogs = new WeakMap<AbortSignal, Promise<Catalog>>()

/** Whether the options ask for types beyond those with modules of their own. */
export function isWide({ services, wide }: Context['options']): boolean {
  return wide && (services.length === 0 || services.includes(WIDE_SERVICE))
}

export function openCatalog(ctx: Context): Promise<Catalog> {
  const known = catalogs.get(ctx.signal)
  if (known !== undefined) return known
  const catalog = makeCatalog(ctx)
  catalogs.set(ctx.signal, catalog)
  return catalog
}

/** The declarations of all types that are going to be listed. */
export async function discoverTypes(
  ctx: Context,
): Promise<Readonly<Record<string, ResourceTypeDeclaration>>> {
  if (!isWide(ctx.options)) return {}
  const { listed, types } = await openCatalog(ctx)
  return Object.fromEntries(
    listed.map((name) => [name, declarationOf(name, types[name] ?? { identifier: [] })]),
  )
}

/** The types that are known without asking the registry; undefined where the options leave them out. */
export function knownCatalog(options: Context['options']): Catalog | undefined {
  return isWide(options) ? createCatalog(loadWideData().types, coveredBy(KINDS), options) : undefined
}

async function makeCatalog(ctx: Context): Promise<Catalog> {
  const { types } = loadWideData()
  const young = ctx.options.wide_young_types ? await youngTypes(ctx) : {}
  return createCatalog({ ...types, ...young }, coveredBy(KINDS), ctx.options)
}

/** What the registry names is the same for all accounts, so that many tasks need not ask each. */
const KEPT_MS = 3_600_000
const kept = new Map<
  string,
  { readonly untilMs: number; readonly types: Readonly<Record<string, WideType>> }
>()

async function youngTypes(ctx: Context): Promise<Readonly<Record<string, WideType>>> {
  const key = registryOf(ctx.options)
  const known = kept.get(key)
  if (known !== undefined && known.untilMs > Date.now()) return known.types
  asking.add(ctx.signal)
  const types = await askForYoungTypes(ctx)
  if (types === undefined) return {}
  kept.set(key, { untilMs: Date.now() + KEPT_MS, types })
  return types
}

function registryOf({ endpoint = '', endpoints, home_region: home }: Context['options']): string {
  return JSON.stringify([endpoint, endpoints, home])
}

/** Calls that asked the registry, by the signal that they keep. */
const asking = new WeakSet<AbortSignal>()

/** Whether this call has asked the registry, rather than to take what another was told within the hour. */
export function hasAskedRegistry({ signal }: Context): boolean {
  return asking.has(signal)
}

/** Whether the next collection asks the registry, as far as this process knows. */
export function isRegistryDue(options: Context['options']): boolean {
  if (!isWide(options) || !options.wide_young_types) return false
  return (kept.get(registryOf(options))?.untilMs ?? 0) <= Date.now()
}

/** Undefined where the registry may not be asked: then what this version knows is what there is. */
async function askForYoungTypes(ctx: Context): Promise<Readonly<Record<string, WideType>> | undefined> {
  const session = await openSession(ctx)
  try {
    return await findYoungTypes(ctx, session, loadWideData())
  } catch (error) {
    ctx.signal.throwIfAborted()
    ctx.log.warn('the registry cannot be asked for new types', { error })
    return undefined
  } finally {
    session.close()
  }
}
