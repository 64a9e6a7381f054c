/** The label that says on which machine a worker runs. */
export const MACHINE = 'machine'

/**
 * Stands in the selector of a lane whose collectors are not yet pinned. `isLabel` refuses it, so that no
 * worker carries it: nobody takes from such a lane, and the first worker that could moves its tasks to a lane
 * of its own machine.
 */
export const UNPINNED = `${MACHINE}=?`

/** Of labels the one that names the machine; undefined for a worker that has none, which pins nothing. */
export function machineLabelOf(labels: readonly string[]): string | undefined {
  return labels.find((label) => label.startsWith(`${MACHINE}=`))
}
