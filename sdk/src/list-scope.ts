import type { CallContext } from './context.ts'
import { toPluginError } from './errors.ts'
import type { ErrorFields, ScopeFields, Yielded } from './resources.ts'

/**
 * Lists one scope in one call: passes on what is found, then the receipt. When it fails, that becomes an
 * ErrorResource that names the scope, and the rest of the collection goes on. The end of the whole call is no
 * failure of a scope.
 */
export async function* listScope(
  ctx: Pick<CallContext, 'signal'>,
  scope: ScopeFields,
  source: AsyncIterable<Yielded | readonly Yielded[]>,
): AsyncGenerator<Yielded | readonly Yielded[]> {
  try {
    yield* source
  } catch (error) {
    ctx.signal.throwIfAborted()
    const fields: ErrorFields = { ...scope, error: toPluginError(error) }
    yield { kind: 'error', fields }
    return
  }
  yield { kind: 'completed', fields: scope }
}
