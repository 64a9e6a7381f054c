import { createCollector } from '../../src/collectors/index.ts'
import type { Workshop } from '../jobs/support.ts'

/** Creates the collector of this request and returns its key. */
export async function createCollectorIn(
  { context, plugins }: Workshop,
  request: Parameters<typeof createCollector>[2],
) {
  const deps = { registry: plugins.registry, plugins }
  const { collectorId = '' } = await createCollector(context(), deps, request)
  return { domainId: request.domainId, collectorId }
}
