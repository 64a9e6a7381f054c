import { CLOUD_SERVICE } from '../kinds.ts'
import { isAtOrBelow } from '../write/history/recorded-changes.ts'
import { pastEntity } from './past-entity.ts'

/**
 * What a statement looks at, apart from the fields that it shows: it decides which records must be undone for
 * it.
 */
export type Reach = {
  /** Paths of the columns, as records name them. */
  readonly paths: readonly string[]
  /** What is in data or tags, or when a resource was changed last: then every record counts. */
  readonly isDeep: boolean
  /** When a resource was changed last, which the present does not tell. */
  readonly isOfTimes: boolean
}

/** Fields whose values are inside documents. */
const DOCUMENTS = new Set(['data', 'tags', 'tag_keys'])

/**
 * How far a statement reaches that looks at these paths of the API. Whether a resource was there matters to
 * each. Paths that lead to no field, as names that a stage has given, reach nothing. Pure.
 */
export function reachOf(asked: readonly string[]): Reach {
  const isOfTimes = asked.includes('updated_at')
  const columns = CLOUD_SERVICE.columns.map(({ name, path = name }) => path)
  return {
    paths: [
      'state',
      ...columns.filter((path) => asked.some((each) => isAtOrBelow(each, path) || isAtOrBelow(path, each))),
    ],
    isDeep: isOfTimes || asked.some((path) => DOCUMENTS.has(path.split('.')[0] ?? '')),
    isOfTimes,
  }
}

/** That of a statement which looks at whole rows. */
export const WHOLE_ROWS: Reach = reachOf(Object.keys(pastEntity.fields))
