type Simulate<Bug extends string> = (
  seed: number,
  bug?: Bug,
) => { readonly hash: string; readonly broken: string | undefined }

const ONE_SEED = process.env.GLEANER_SIMULATION_SEED

/**
 * Runs seeds 0 to `count`, or the one of the environment, and returns for each that breaks something the line
 * that replays it.
 */
export function replays<Bug extends string>(
  file: string,
  count: number,
  simulate: Simulate<Bug>,
): readonly string[] {
  const seeds =
    ONE_SEED === undefined ? Array.from({ length: count }, (_, index) => index) : [Number(ONE_SEED)]
  return seeds.flatMap((seed) => {
    const { broken } = simulate(seed)
    if (broken === undefined) return []
    return [`GLEANER_SIMULATION_SEED=${seed} npm test -- test/simulation/${file}.test.ts  # ${broken}`]
  })
}

/** For each planted bug how many seeds it took, and which invariant found it. */
export function findPlanted<Bug extends string>(
  bugs: readonly Bug[],
  most: number,
  simulate: Simulate<Bug>,
): readonly { readonly bug: Bug; readonly seeds: number; readonly invariant: string | undefined }[] {
  return bugs.map((bug) => {
    for (let seed = 0; seed < most; seed++) {
      const { broken } = simulate(seed, bug)
      if (broken !== undefined) return { bug, seeds: seed + 1, invariant: broken }
    }
    return { bug, seeds: most, invariant: undefined }
  })
}
