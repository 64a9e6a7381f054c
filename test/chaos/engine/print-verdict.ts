import { type Faults, VICTIMS } from './faults.ts'
import { percentile, printFigure } from './print-figure.ts'

/** What was looked at, what it came to, what it should be, and whether it is. */
export type VerdictRow = readonly [what: string, value: number, wanted: string, holds: boolean]

/** Prints who was hit how often, then the verdict, each as a table, and the figures as lines of JSON. */
export function printVerdict(
  run: {
    readonly seed: number
    readonly rounds: number
    readonly minutes: number
    readonly faults: Faults
    readonly delaysMs: readonly number[]
  },
  rows: readonly VerdictRow[],
): void {
  const { seed, rounds, minutes, faults, delaysMs } = run
  console.table(
    VICTIMS.map((victim) => ({ victim, kills: faults.kills[victim], freezes: faults.freezes[victim] })),
  )
  console.table(rows.map(([what, value, wanted, holds]) => ({ what, value, wanted, holds })))
  const which = { seed, rounds, minutes: Math.round(minutes * 10) / 10 }
  for (const [what, value] of rows) printFigure(`chaos ${what}`, value, '', which)
  printFigure('chaos recovery median', Math.round(percentile(delaysMs, 0.5)), 'ms')
}
