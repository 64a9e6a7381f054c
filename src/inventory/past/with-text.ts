import { InvalidParameter } from '../../core/errors.ts'
import type { Filter } from '../../gen/spaceone/api/core/v1/query_pb.ts'
import { compileCloudServiceSearch } from '../read/index.ts'

/** The conditions of a query, and beside them those that a search text means. Pure. */
export function withText<Conditions extends ConditionParts>(
  conditions: Conditions,
  text: string,
): Conditions {
  if (text.trim() === '') return conditions
  const meant = compileCloudServiceSearch(text)
  if (meant.filterOr.length > 0 && conditions.filterOr.length > 0)
    throw new InvalidParameter(
      'text',
      'a query has room for one list of alternatives, and query.filter_or is given too',
    )
  return {
    ...conditions,
    filter: [...conditions.filter, ...meant.filter],
    filterOr: [...conditions.filterOr, ...meant.filterOr],
    keyword: [conditions.keyword, meant.keyword].filter((words) => words !== '').join(' '),
  }
}

type ConditionParts = {
  readonly filter: Filter[]
  readonly filterOr: Filter[]
  readonly keyword: string
}
