import { InvalidParameter, RequiredParameter } from '../../core/errors.ts'
import { assertNames } from '../assert-names.ts'
import { type CellName, isEmptyName, nameFields } from '../cells.ts'
import type { ClaimChoice } from './choose-claims.ts'

/** What becomes of claims that nobody renews any more. */
export const RETIREMENTS = ['keep', 'delete'] as const

/** What somebody asks for. */
export type RetirementInput = {
  /** Also one that was deleted. */
  readonly collectorId: string
  /** One secret of it; '' for all. */
  readonly secretId: string
  /** Claims in cells of this name alone. Only with `delete`. */
  readonly name: CellName
  /** `unknown`: only claims that no run can miss; '' for all. Only with `delete`. */
  readonly presence: string
  readonly claims: string
}

export type Retirement = ClaimChoice & {
  readonly claims: (typeof RETIREMENTS)[number]
  /**
   * It is about a part of what a collector or a secret has reported, so that somebody goes on looking at the
   * rest.
   */
  readonly isNarrowed: boolean
}

/** Throws when nothing can be meant by it. Pure. */
export function parseRetirement(input: RetirementInput): Retirement {
  if (input.collectorId === '') throw new RequiredParameter('collector_id')
  if (input.claims === '') throw new RequiredParameter('claims')
  const claims = RETIREMENTS.find((each) => each === input.claims)
  if (claims === undefined)
    throw new InvalidParameter('claims', `'${input.claims}' is none of ${RETIREMENTS.join(', ')}`)
  if (input.presence !== '' && input.presence !== 'unknown')
    throw new InvalidParameter(
      'presence',
      `'${input.presence}' is not unknown, which is all that can be chosen`,
    )
  const { name, presence } = input
  const fields = nameFields(name)
  assertNames({ secret_id: input.secretId, ...fields })
  const narrowing = Object.entries({ ...fields, presence }).find(([, value]) => value !== '')
  if (claims === 'keep' && narrowing !== undefined) {
    const reason = 'claims are kept for a secret or a collector as a whole. Leave it out'
    throw new InvalidParameter(narrowing[0], reason)
  }
  const isInDoubtOnly = presence === 'unknown'
  return { claims, name, isInDoubtOnly, isNarrowed: isInDoubtOnly || !isEmptyName(name) }
}
