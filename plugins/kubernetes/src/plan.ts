import type { Plan, PlanContext } from '@gleaner/sdk'
import type { Options, Secret } from './options.ts'
import { ASSUMED_ANSWER_SECONDS, predictCollection } from './predict-collection.ts'
import { permissionsFor, rolesFor } from './roles-for.ts'
import { type Discovered, discover, openCluster } from './survey.ts'

/**
 * Predicts a collection. The cluster is asked which kinds it serves, and nothing else: that takes no
 * permission.
 */
export async function plan(ctx: PlanContext<Options, Secret>): Promise<Plan> {
  const opened = await openCluster(ctx)
  const discovered = await discover(opened.api, ctx)
  const { basis, calls, seconds } = predictCollection({ ...opened, ...discovered }, ctx)
  const permissions = permissionsFor(discovered.kinds, ctx.options)
  const roles = rolesFor(discovered.kinds, ctx.options)
  return {
    apis: [{ api: opened.host, calls, seconds, basis, permissions }],
    seconds,
    policies: roles,
    notes: notesOf(discovered, {
      isFirst: ctx.known.length === 0,
      isAssumed: basis === 'assumed',
      roles: roles.length,
    }),
  }
}

type Assumed = { readonly isFirst: boolean; readonly isAssumed: boolean; readonly roles: number }

function notesOf({ silent }: Discovered, { isFirst, isAssumed, roles }: Assumed): readonly string[] {
  return [
    ...silent.map(
      ({ error, group }) =>
        `The API group ${group} does not answer, so its kinds are not in the plan: ${String(error)}`,
    ),
    isFirst &&
      'Nothing was collected before, so that every list counts as one page: this is the least that it takes.',
    isAssumed &&
      `Nothing was measured yet: each answer counts as ${ASSUMED_ANSWER_SECONDS * 1_000} ms, one after the other.`,
    roles > 1 && `The permissions take ${roles} roles, since each namespace has its own.`,
    'The roles are bound to whoever collects by a ClusterRoleBinding or, of a namespace, a RoleBinding.',
  ].filter((note) => note !== false)
}
