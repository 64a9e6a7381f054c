import { OVERLAP_POLICIES } from '../../../src/jobs/start/overlap.ts'
import type { ModelCollector, ModelSettings } from './model-types.ts'

/** Labels of the workers that live in a simulated world; nobody carries `zone=b`. */
export const WORKER_LABELS = [[], ['zone=a'], ['zone=a', 'gpu=yes'], []] as const
const SELECTORS = [[], [], [], [], ['zone=a'], ['zone=a', 'gpu=yes'], ['zone=b']] as const

/** Tasks of one domain that may run at once. */
export const PER_DOMAIN = 3
/** Secrets of each collector. */
export const SECRETS = 2

type Random = (below: number) => number

/** Four collectors of two domains on two plugins, one of which may run only twice at once. */
export function createWorld(random: Random): readonly ModelCollector[] {
  return [0, 1, 2, 3].map((collectorId) => ({
    collectorId,
    domainId: collectorId >> 1,
    pluginId: collectorId & 1,
    pluginLimit: (collectorId & 1) === 0 ? 2 : undefined,
    ...randomSettings(random),
  }))
}

export function randomSettings(random: Random): ModelSettings {
  return {
    policy: OVERLAP_POLICIES[random(OVERLAP_POLICIES.length)] ?? 'PARALLEL',
    selector: SELECTORS[random(SELECTORS.length)] ?? [],
    maxParallel: random(3) === 0 ? 1 : 0,
  }
}

/** The secrets that a job of a collector works with, at least one. */
export function randomSecrets(random: Random): readonly number[] {
  return random(3) === 0 ? [random(SECRETS)] : Array.from({ length: SECRETS }, (_, secret) => secret)
}
