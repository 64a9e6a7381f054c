import { SlotSet } from '../../inventory/write/index.ts'
import type { EndPlan, PlannedHold } from './plan-holds.ts'

/** A hold that waits for a decision. */
export type OpenHold = PlannedHold & {
  readonly holdId: string
  /** Counted receipts that have confirmed it so far: each covered and missed all of it. */
  readonly receipts: number
  readonly createdAt: Date
}

export type HoldChanges = {
  readonly opened: readonly PlannedHold[]
  /** Holds that go on, with the claims they keep back now. */
  readonly kept: readonly OpenHold[]
  /** Nothing of them is missing any more. */
  readonly lapsed: readonly OpenHold[]
  /** Ended by the option; their claims are among `ends`. */
  readonly released: readonly OpenHold[]
  readonly ends: readonly number[]
}

type MergeInput = {
  readonly plan: EndPlan
  readonly open: readonly OpenHold[]
  /** Whether a claim is live and still missed, also where this receipt does not cover it. */
  readonly isMissed: (slot: number) => boolean
  /** Whether this receipt is counted, covers a claim, and missed it. */
  readonly isConfirmed: (slot: number) => boolean
  readonly releasesHolds: boolean
  readonly at: Date
}

const RECEIPTS_TO_RELEASE = 3
const HOURS_TO_RELEASE = 24

/**
 * Brings the holds that are open together with those of this receipt. A claim that is held stays held until
 * it is seen or the hold is released, also when so many come back that the rest would be few. Pure.
 */
export function mergeHolds(input: MergeInput): HoldChanges {
  const { plan, open, isMissed, isConfirmed, releasesHolds, at } = input
  const planned = new Map(plan.holds.map((hold) => [keyOf(hold), hold]))
  const plannedSlots = setOf(plan.holds.flatMap(({ slots }) => slots))
  const sticky = new SlotSet()
  const kept: OpenHold[] = []
  const lapsed: OpenHold[] = []
  for (const hold of open) {
    const same = planned.get(keyOf(hold))
    planned.delete(keyOf(hold))
    const rest = hold.slots.filter((slot) => isMissed(slot) && !plannedSlots.has(slot))
    const slots = [...(same?.slots ?? []), ...rest]
    for (const slot of slots) sticky.add(slot)
    if (slots.length === 0) lapsed.push(hold)
    else {
      const receipts = hold.receipts + (slots.every(isConfirmed) ? 1 : 0)
      kept.push({ ...hold, slots, receipts, ofClaims: same?.ofClaims ?? hold.ofClaims })
    }
  }
  const released = releasesHolds ? kept.filter((hold) => mayEnd(hold, at)) : []
  return {
    opened: [...planned.values()],
    kept: kept.filter((hold) => !released.includes(hold)),
    lapsed,
    released,
    ends: [...plan.ends.filter((slot) => !sticky.has(slot)), ...released.flatMap(({ slots }) => slots)],
  }
}

function mayEnd({ receipts, createdAt }: OpenHold, at: Date): boolean {
  const hours = (at.getTime() - createdAt.getTime()) / 3_600_000
  return receipts >= RECEIPTS_TO_RELEASE && hours >= HOURS_TO_RELEASE
}

function keyOf({ reason, scope, name }: PlannedHold): string {
  const { provider, cloudServiceGroup, cloudServiceType, account, regionCode } = name
  return JSON.stringify([reason, scope, provider, cloudServiceGroup, cloudServiceType, account, regionCode])
}

function setOf(slots: readonly number[]): SlotSet {
  const set = new SlotSet()
  for (const slot of slots) set.add(slot)
  return set
}
