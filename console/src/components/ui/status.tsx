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
  incomplete: 'warn',
  withdrawn: 'warn',
  CANCELED: 'warn',
  ERROR: 'bad',
  FAILURE: 'bad',
  TIMEOUT: 'bad',
  DELETED: 'bad',
  deleted: 'bad',
}

/**
 * A state of the API in its own word; colour only repeats what the word says. A `reason` stands beside the
 * word.
 */
export function Status({ of, reason = '' }: { of: string; reason?: string }) {
  const word = of.toLowerCase().replaceAll('_', ' ')
  return (
    <span className={`status ${TONES[of] ?? 'quiet'}`}>{reason === '' ? word : `${word}: ${reason}`}</span>
  )
}
