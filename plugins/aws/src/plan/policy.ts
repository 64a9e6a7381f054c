import type { JsonObject } from '@gleaner/sdk'
import { RESOURCES_OF_ACTIONS } from './resources-of-actions.ts'

export type PolicyInput = {
  readonly partition: string
  /** Actions of services with modules of their own, and of the account as a whole. */
  readonly deep: readonly string[]
  /** Actions that handlers of other types need: about whatever things they have to do with. */
  readonly wide: readonly string[]
  /** Roles that are assumed on the way. */
  readonly roles: readonly string[]
}

/** Characters that a managed policy may have; AWS does not count white space. */
const MOST_CHARACTERS = 6_144
const VERSION = '2012-10-17'

type Statement = { readonly Effect: 'Allow'; readonly Action: string[]; readonly Resource: string | string[] }

/**
 * The policy that grants what is needed and no more: a statement for each set of resources, actions sorted
 * and each named once. What is too long for one is several, each of which is a policy by itself. Pure.
 */
export function policiesFor({ deep, partition, roles, wide }: PolicyInput): readonly JsonObject[] {
  const widely = new Set(wide)
  const byResource = new Map<string, Set<string>>()
  const grant = (action: string, resources: readonly string[]) => {
    const key = JSON.stringify(resources.toSorted())
    byResource.set(key, (byResource.get(key) ?? new Set()).add(action))
  }
  for (const action of new Set([...deep, ...wide])) {
    const narrow = widely.has(action) ? undefined : RESOURCES_OF_ACTIONS[action]
    grant(action, narrow?.map((resource) => `arn:${partition}:${resource}`) ?? ['*'])
  }
  if (roles.length > 0) grant('sts:AssumeRole', [...new Set(roles)])
  const statements = [...byResource].map(([key, actions]) =>
    toStatement(JSON.parse(key), [...actions].toSorted()),
  )
  return packStatements(statements.toSorted(byFirstAction)).map((Statement) => ({
    Version: VERSION,
    Statement,
  }))
}

function toStatement(resources: string[], actions: string[]): Statement {
  const [only = '*', ...others] = resources
  return { Effect: 'Allow', Action: actions, Resource: others.length === 0 ? only : resources }
}

/** The statement about everything first, since it is what most of the list is. */
function byFirstAction(a: Statement, b: Statement): number {
  const rank = ({ Action, Resource }: Statement) => `${Resource === '*' ? 0 : 1}${Action[0]}`
  return rank(a) < rank(b) ? -1 : 1
}

/** Fills one document after the other, and splits a statement where it is full. */
function packStatements(statements: readonly Statement[]): Statement[][] {
  const documents: Statement[][] = [[]]
  let size = EMPTY
  for (const { Action, ...rest } of statements) {
    let open: string[] | undefined
    for (const action of Action) {
      const begun = open === undefined ? sizeOf({ ...rest, Action: [] }) : 0
      const added = begun + JSON.stringify(action).length + 1
      if (size + added > MOST_CHARACTERS && size > EMPTY) {
        documents.push([])
        size = EMPTY
        open = undefined
      }
      if (open === undefined) {
        open = []
        documents.at(-1)?.push({ ...rest, Action: open })
        size += sizeOf({ ...rest, Action: [] })
      }
      open.push(action)
      size += JSON.stringify(action).length + 1
    }
  }
  return documents.filter((document) => document.length > 0)
}

const EMPTY = JSON.stringify({ Version: VERSION, Statement: [] }).length

function sizeOf(statement: Statement): number {
  return JSON.stringify(statement).length + 1
}
