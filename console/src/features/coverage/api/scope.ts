import { kindOf } from '../../../format/kind.ts'
import type { AcceptRequest } from './acceptance.ts'
import type { Cell } from './cell.ts'

/** By what an acceptance can be narrowed. */
export const NARROWINGS = ['kind', 'account', 'region', 'secret', 'class'] as const
export type Narrowing = (typeof NARROWINGS)[number]

type Named = Pick<
  Cell,
  | 'collector_id'
  | 'secret_id'
  | 'provider'
  | 'cloud_service_group'
  | 'cloud_service_type'
  | 'account'
  | 'region_code'
  | 'last_failure'
>

/** What a list has of each; empty where it has none, so that it cannot be narrowed by that. */
export function namesIn(cell: Named): Readonly<Record<Narrowing, string>> {
  return {
    kind: kindOf(cell),
    account: cell.account,
    region: cell.region_code,
    secret: cell.secret_id,
    class: cell.last_failure?.class ?? '',
  }
}

/** The scope that accepts the gap of a list, without what it is not narrowed by. */
export function toScope(cell: Named, wide: ReadonlySet<Narrowing>): Omit<AcceptRequest, 'reason' | 'until'> {
  const { collector_id, secret_id, provider, cloud_service_group, cloud_service_type, account, region_code } =
    cell
  const failure = cell.last_failure?.class
  return {
    collector_id,
    ...(!wide.has('kind') && { provider, cloud_service_group, cloud_service_type }),
    ...(!wide.has('account') && { account }),
    ...(!wide.has('region') && { region_code }),
    ...(!wide.has('secret') && { secret_id }),
    classes: wide.has('class') || failure === undefined ? [] : [failure],
  }
}
