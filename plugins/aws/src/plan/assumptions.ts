import type { Options } from '../options.ts'
import { ASSUMED_ANSWER_SECONDS, type Time } from './reckon-time.ts'

type Facts = {
  readonly options: Pick<Options, 'concurrency' | 'wide_details' | 'wide_young_types'>
  readonly isFirst: boolean
  readonly time: Time
  readonly isWide: boolean
  readonly policies: number
  /** Permissions that are named by types and granted to nobody. */
  readonly leftOut: readonly string[]
  readonly assumesRoles: boolean
}

/** What a reader of the plan should know, in whole sentences. Pure. */
export function assumptionsOf(facts: Facts): readonly string[] {
  const { assumesRoles, isFirst, isWide, leftOut, options, policies, time } = facts
  const bases = new Set([...time.ofApi.values()].map(({ basis }) => basis))
  return [
    isFirst &&
      'Nothing was collected before, so that every list counts as empty: this is the least that it takes.',
    bases.has('assumed') &&
      `Where times are assumed, nothing was measured yet: each answer counts as ${ASSUMED_ANSWER_SECONDS * 1_000} ms, and ${options.concurrency} lists are read at once.`,
    bases.has('measured') &&
      'Where times are measured, so many calls took so long in the last runs, waiting for their turn included.',
    isWide &&
      options.wide_details === 'missing' &&
      !isFirst &&
      'Of what is read through Cloud Control a list counts as telling as much as it told last; where this process has not read it yet, each resource counts as asked for alone.',
    isWide &&
      options.wide_young_types &&
      'Types that the registry names and this version does not know are not in the plan. The registry is asked once an hour.',
    policies > 1 &&
      `The permissions take ${policies} policies, because AWS takes 6,144 characters in one. Where so many are too many, attach ReadOnlyAccess of AWS, or choose fewer wide_types.`,
    leftOut.length > 0 &&
      `${leftOut.length} permissions that types name are not granted, because they change something or open secrets and contents, such as ${leftOut.slice(0, 3).join(', ')}. A type that insists on one costs its own lists.`,
    assumesRoles &&
      'Where a role is assumed, the policy belongs to that role, and only sts:AssumeRole to whoever assumes it.',
  ].filter((sentence) => sentence !== false)
}
