import { SlotSet } from '../inventory/write/index.ts'
import { type Epoch, epochFromText, epochToText } from './epoch.ts'
import { MAX_MISSES } from './settings.ts'

/** What is known about the claims of one contributor. The sets are changed in place. */
export type ClaimState = {
  epoch: string
  /** Seen under these options. */
  readonly inScope: SlotSet
  /** Seen under these options, by this plugin version with this secret. */
  readonly inEpoch: SlotSet
  /** Element n-1: missed by at least n counted receipts since they were last seen. */
  readonly missed: readonly SlotSet[]
  /**
   * Of these misses, those under receipts that saw something else of the cell: a list that is empty may be
   * one that failed.
   */
  readonly witnessed: readonly SlotSet[]
  countedSeq: number | undefined
  countedAt: Date | undefined
}

export function newClaimState(): ClaimState {
  return {
    epoch: '',
    inScope: new SlotSet(),
    inEpoch: new SlotSet(),
    missed: newLevels(),
    witnessed: newLevels(),
    countedSeq: undefined,
    countedAt: undefined,
  }
}

function newLevels(): readonly SlotSet[] {
  return Array.from({ length: MAX_MISSES }, () => new SlotSet())
}

/**
 * The state under another epoch: misses were counted under the old one and prove nothing about this one.
 * Under the same options it is still known what is wanted, so that a new plugin version need not see
 * everything anew.
 */
export function enterEpoch(state: ClaimState, epoch: Epoch): ClaimState {
  const text = epochToText(epoch)
  if (state.epoch === text) return state
  const isSameScope = epochFromText(state.epoch)?.scope === epoch.scope
  const { countedSeq, countedAt } = state
  const inScope = isSameScope ? state.inScope : new SlotSet()
  return { ...newClaimState(), epoch: text, inScope, countedSeq, countedAt }
}

/** Notes what a run saw, however it ended: being seen ends every count. True when that changed anything. */
export function forgiveSeen(state: ClaimState, seen: SlotSet): boolean {
  return [...state.missed, ...state.witnessed].map((level) => level.deleteAll(seen)).includes(true)
}

/** Notes what was seen under the state's own epoch. True when that changed anything. */
export function noteInEpoch(state: ClaimState, seen: SlotSet): boolean {
  return [state.inScope.addAll(seen), state.inEpoch.addAll(seen)].includes(true)
}
