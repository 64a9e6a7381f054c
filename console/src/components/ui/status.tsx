type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'quiet'

const TONES: Readonly<Record<string, Tone>> = {
  SUCCESS: 'good',
  ENABLED: 'good',
  ACTIVE: 'good',
  SERVING: 'good',
  complete: 'good',
  created: 'good',
  revived: 'good',
  IN_PROGRESS: 'busy',
  CREATED: 'busy',
  PENDING: 'busy',
  updated: 'busy',
  stale: 'warn',
  partial: 'warn',
  unknown: 'warn',
  withdrawn: 'warn',
  CANCELED: 'warn',
  held: 'bad',
  ERROR: 'bad',
  FAILURE: 'bad',
  TIMEOUT: 'bad',
  DELETED: 'bad',
  deleted: 'bad',
}

/** A state of the API in its own word; colour only repeats what the word says. */
export function Status({ of }: { of: string }) {
  return <span className={`status ${TONES[of] ?? 'quiet'}`}>{of.toLowerCase().replaceAll('_', ' ')}</span>
}
