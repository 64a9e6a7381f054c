import { readMachineId } from '@gleaner/plugin-host/machine-id'
import { machineLabelOf } from './jobs/index.ts'

/**
 * The labels of this process's worker. One that names its machine is always among them: the pseudonym that
 * the host plugin reports as `account`, unless the operator gave another, as where several containers share
 * one image and its id.
 */
export async function toWorkerLabels(labels: readonly string[]): Promise<readonly string[]> {
  return machineLabelOf(labels) === undefined ? [...labels, `machine=${await readMachineId()}`] : labels
}
