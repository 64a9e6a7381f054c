import { chooseServices } from '../cells.ts'
import type { Options } from '../options.ts'
import { SERVICES } from '../services/index.ts'
import type { Catalog } from '../wide/catalog.ts'
import { EXPLORER_SERVICE } from '../wide/explorer.ts'
import { WIDE_SERVICE } from '../wide/options.ts'
import { typePermissions } from '../wide/predict-calls.ts'
import { isGrantable } from './grantable.ts'

/** What a collection needs to be allowed. */
export type Permissions = {
  /** By the name of the API that is called, sorted. */
  readonly ofApi: ReadonlyMap<string, readonly string[]>
  /** Those of the account, and of services with modules of their own. */
  readonly deep: readonly string[]
  /** Those that handlers of other types need, and may be given. */
  readonly wide: readonly string[]
  /** Those that handlers name and that nobody gets who only reads. */
  readonly leftOut: readonly string[]
}

/** To know whose credentials they are, and which regions there are. */
export const OF_ACCOUNT = ['sts:GetCallerIdentity', 'ec2:DescribeRegions'] as const

const OF_ORGANIZATION = [
  'organizations:ListAccountsForParent',
  'organizations:ListOrganizationalUnitsForParent',
  'organizations:ListRoots',
]
const OF_REGISTRY = ['cloudformation:DescribeType', 'cloudformation:ListTypes']
const OF_CLOUD_CONTROL = ['cloudformation:GetResource', 'cloudformation:ListResources']
const OF_TAGGING = ['tag:GetResources']
const OF_EXPLORER = ['resource-explorer-2:ListIndexes', 'resource-explorer-2:ListResources']

type Settings = Pick<Options, 'organization' | 'services' | 'wide_cross_check' | 'wide_young_types'>

/** `catalog` is that of the types to be read through Cloud Control, undefined for none. Pure. */
export function permissionsFor(options: Settings, catalog: Catalog | undefined): Permissions {
  const ofApi = new Map<string, Set<string>>()
  const need = (api: string, actions: readonly string[]) => {
    const needed = ofApi.get(api) ?? new Set()
    for (const action of actions) needed.add(action)
    ofApi.set(api, needed)
  }
  for (const action of OF_ACCOUNT) need(action.split(':')[0] ?? '', [action])
  if (options.organization) need('organizations', OF_ORGANIZATION)
  for (const { api, kinds } of chooseServices(SERVICES, options.services))
    for (const { permissions } of Object.values(kinds)) need(api, permissions)
  if (catalog !== undefined) {
    need(WIDE_SERVICE, OF_CLOUD_CONTROL)
    if (options.wide_young_types) need('cloudformation', OF_REGISTRY)
    if (options.wide_cross_check) {
      need('tagging', OF_TAGGING)
      need(EXPLORER_SERVICE, OF_EXPLORER)
    }
  }
  const deep = [...new Set([...ofApi.values()].flatMap((actions) => [...actions]))].toSorted()
  const handled = catalog === undefined ? [] : typePermissions(catalog)
  const wide = handled.filter(isGrantable)
  if (catalog !== undefined) need(WIDE_SERVICE, wide)
  return {
    ofApi: new Map([...ofApi].map(([api, actions]) => [api, [...actions].toSorted()])),
    deep,
    wide,
    leftOut: handled.filter((action) => !isGrantable(action)),
  }
}
