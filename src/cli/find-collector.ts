import { FailedPrecondition, NotFound } from '../core/errors.ts'
import type { CliContext } from './cli-context.ts'
import type { Answer } from './client.ts'
import { type Collector, listOf, toCollector } from './shapes.ts'

type FoundCollector = { readonly collector: Collector; readonly answer: Answer }

/**
 * The collector with this id or, as people think of them, with this name. Several of one name are listed,
 * none is chosen.
 */
export async function findCollector(ctx: CliContext, idOrName: string): Promise<FoundCollector> {
  const { client, domainId } = ctx
  if (COLLECTOR_ID.test(idOrName)) return readCollector(ctx, idOrName)
  const list = await client.post('/inventory/v1/collector/list', { domain_id: domainId, name: idOrName })
  const named = listOf(list.value, 'results').map(toCollector)
  const [first, ...others] = named
  if (first === undefined) throw await notFound(ctx, idOrName)
  if (others.length > 0) throw ambiguous(idOrName, named)
  return readCollector(ctx, first.id)
}

async function readCollector({ client, domainId }: CliContext, collectorId: string): Promise<FoundCollector> {
  const answer = await client.post('/inventory/v1/collector/get', {
    domain_id: domainId,
    collector_id: collectorId,
  })
  return { collector: toCollector(answer.value), answer }
}

export const COLLECTOR_ID = /^collector-[0-9a-f]{12}$/
const MAX_CANDIDATES = 10

function ambiguous(name: string, candidates: readonly Collector[]): FailedPrecondition {
  return new FailedPrecondition(
    'ERROR_AMBIGUOUS_NAME',
    `${candidates.length} collectors are named '${name}'; use the id of the one you mean:\n${listing(candidates)}`,
  )
}

async function notFound({ client, domainId }: CliContext, name: string): Promise<NotFound> {
  const list = await client.post('/inventory/v1/collector/list', {
    domain_id: domainId,
    query: { page: { limit: MAX_CANDIDATES } },
  })
  const existing = listOf(list.value, 'results').map(toCollector)
  const error = new NotFound('collector', name)
  error.message +=
    existing.length === 0 ? '; there is none in this domain' : `. There are:\n${listing(existing)}`
  return error
}

function listing(collectors: readonly Collector[]): string {
  return collectors
    .map(({ id, name, state, pluginId }) => `  ${id}  ${name}  (plugin ${pluginId}, ${state})`)
    .join('\n')
}
