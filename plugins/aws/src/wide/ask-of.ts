import { type Candidate, findParent } from './find-parent.ts'
import { neededToList, type Schema, valuesOf } from './schema.ts'
import type { Ask, Reference } from './wide-type.ts'

/** Properties that want to be told the account. */
const OF_ACCOUNT = new Set(['AccountId', 'AwsAccountId', 'CatalogId'])

/** Where no rule finds it: who tells a property that is asked for. */
const TOLD_BY: readonly Reference[] = [['IdentityStoreId', 'AWS::SSO::Instance', 'IdentityStoreId']]

/** WAF keeps what belongs to CloudFront in one region. */
const ONLY_IN = { CLOUDFRONT: 'us-east-1' }

type Question = {
  readonly schema: Schema
  readonly references: readonly Reference[]
  /** Types that may be the parent. */
  readonly candidates: readonly Candidate[]
  /** The parent, where it is known; null: nothing tells what has to be told. */
  readonly given?: Ask['parent'] | null | undefined
}

/** What a list has to be told, and by what. Undefined when that is nothing, or when nothing tells it. */
export function askOf({ candidates, given, references, schema }: Question): Ask | undefined {
  const needed = neededToList(schema)
  const account = needed.filter((name) => OF_ACCOUNT.has(name))
  const known = needed
    .filter((name) => !OF_ACCOUNT.has(name))
    .map((name) => [name, valuesOf(schema, name)] as const)
  const values = Object.fromEntries(known.flatMap(([name, list]) => (list ? [[name, list] as const] : [])))
  const open = known.flatMap(([name, list]) => (list === undefined ? [name] : []))
  const told = {
    ...(account.length > 0 ? { account } : {}),
    ...(Object.keys(values).length > 0 ? { values } : {}),
    ...(Object.values(values).flat().includes('CLOUDFRONT') ? { onlyIn: ONLY_IN } : {}),
  }
  if (needed.length === 0 || given === null) return undefined
  if (open.length === 0) return told
  const need = { typeName: schema.typeName, needed: open, references: [...TOLD_BY, ...references] }
  const parent = given ?? findParent(need, candidates)
  return parent && { ...told, parent }
}
