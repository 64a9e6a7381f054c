import { InvalidParameter } from '../core/errors.ts'
import { EVENT_STATUSES, EVENT_TYPES } from './event.ts'

/**
 * Names of event types, and of nouns that stand for all types of them, as the types they mean. An unknown one
 * is refused. Pure.
 */
export function expandTypes(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    const meant = EVENT_TYPES.filter((type) => type === name || type.startsWith(`${name}.`))
    if (meant.length > 0) return meant
    throw new InvalidParameter(
      'types',
      `'${name.slice(0, 50)}' is none of ${EVENT_TYPES.join(', ')}, and no noun of them`,
    )
  })
}

/** Refuses what is no status of a job or a job task. Pure. */
export function assertStatuses(statuses: readonly string[]): void {
  const known: readonly string[] = EVENT_STATUSES
  const wrong = statuses.find((status) => !known.includes(status))
  if (wrong === undefined) return
  throw new InvalidParameter('statuses', `'${wrong.slice(0, 50)}' is none of ${known.join(', ')}`)
}
