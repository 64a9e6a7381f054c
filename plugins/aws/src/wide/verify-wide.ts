import type { Denial } from '../denials.ts'
import { Denied } from '../errors.ts'
import type { Context } from '../options.ts'
import type { Session } from '../session.ts'
import { isIn, loadWideData } from './load-data.ts'
import { isWide, openCatalog } from './open-catalog.ts'
import { openWideRegion } from './region.ts'

/**
 * The permission to ask Cloud Control at all, if it is missing. What the handlers of more than a thousand types need is for
 * the collection to show, type by type.
 */
export async function* missingForWide(
  ctx: Context,
  session: Session,
  region: string,
): AsyncGenerator<Denial> {
  if (!isWide(ctx.options)) return
  const { listed, types } = await openCatalog(ctx)
  const typeName = listed.find((name) => types[name]?.ask === undefined && isIn(loadWideData(), name, region))
  if (typeName === undefined) return
  try {
    const { list } = await openWideRegion(ctx, session, region)
    for await (const _ of list(typeName, undefined)) break
  } catch (error) {
    ctx.signal.throwIfAborted()
    if (error instanceof Denied && error.action?.startsWith('cloudformation:'))
      yield { action: error.action, policy: error.policy }
  }
}
