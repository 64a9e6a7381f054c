/** What can be killed, and what can be frozen. */
export const VICTIMS = ['worker', 'scheduler', 'api', 'plugin', 'backend', 'database'] as const
export type Victim = (typeof VICTIMS)[number]

/** How often each was hit. */
export type Faults = {
  readonly kills: Record<Victim, number>
  readonly freezes: Record<Victim, number>
}

export function noFaults(): Faults {
  const none = { worker: 0, scheduler: 0, api: 0, plugin: 0, backend: 0, database: 0 }
  return { kills: { ...none }, freezes: { ...none } }
}

export function addUp(all: readonly Faults[]): Faults {
  const sum = noFaults()
  for (const { kills, freezes } of all)
    for (const victim of VICTIMS) {
      sum.kills[victim] += kills[victim]
      sum.freezes[victim] += freezes[victim]
    }
  return sum
}

export function countOf(faults: Record<Victim, number>): number {
  return VICTIMS.reduce((sum, victim) => sum + faults[victim], 0)
}
