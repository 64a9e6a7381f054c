import { ENTRY_BYTES } from './entries.ts'
import type { PageHead } from './read-pages.ts'

/** To find and read a page costs as much as so many bytes of one. */
const PAGE_WEIGHT = 2_048
/** Below that a roster is read in no time, however worn. */
const LIGHT = 512 * 1024

/**
 * Whether a roster has become twice as heavy as its claims need. One in a hundred changed in each run makes
 * that so after some fifty runs; packing reads all claims, as much as each run used to do. Pure.
 */
export function isWorn(pages: readonly PageHead[], claims: number): boolean {
  const weight = pages.reduce((sum, { bytes }) => sum + bytes + PAGE_WEIGHT, 0)
  return weight > 2 * claims * ENTRY_BYTES + LIGHT
}
