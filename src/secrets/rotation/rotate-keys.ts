import type { Clock } from '../../core/clock.ts'
import type { Database } from '../../storage/index.ts'
import type { Keyring } from '../keys/keyring.ts'
import { beginRotation, type Rotation } from './begin-rotation.ts'
import { finishRotation } from './finish-rotation.ts'
import { rotateBatch, SEALED } from './rotate-batch.ts'

export type RotateKeysDeps = {
  /** Of the whole installation. */
  readonly db: Database
  readonly keyring: Keyring
  readonly now: Clock
}

type RotateKeysInput = {
  readonly withDataKeys: boolean
  /** How long one call works, milliseconds; at least one batch is done. */
  readonly workMs: number
  readonly signal: AbortSignal
}

export type RotationProgress = Rotation & {
  /** Secrets that this call could not open under their old key. */
  readonly unreadable: readonly { readonly domainId: string; readonly secretId: string }[]
}

/**
 * Begins a rotation, or goes on with the one under way, batch by batch until it is finished or the time is
 * over. Each batch is a transaction of its own, and what it has done is no longer found by the next: so that
 * a crash loses at most one batch. New secrets are sealed under the new key from the beginning, so that one
 * walk over the old ones is enough.
 */
export async function rotateKeys(
  deps: RotateKeysDeps,
  { withDataKeys, workMs, signal }: RotateKeysInput,
): Promise<RotationProgress> {
  const rotation = await beginRotation(deps, withDataKeys)
  const until = performance.now() + workMs
  const unreadable: { domainId: string; secretId: string }[] = []
  for (const sealed of SEALED) {
    let after = { domainId: '', secretId: '' }
    for (;;) {
      const batch = await rotateBatch(deps, rotation, { sealed, after })
      unreadable.push(...batch.unreadable)
      if (batch.last === undefined) break
      after = batch.last
      if (performance.now() > until || signal.aborted) return { ...(await read(deps, rotation)), unreadable }
    }
  }
  return { ...(await finishRotation(deps, rotation)), unreadable }
}

async function read({ db }: RotateKeysDeps, { rotationId, masterVersion }: Rotation): Promise<Rotation> {
  const [row] = await db.query<Omit<Rotation, 'masterVersion'>>(
    'select * from key_rotation where rotation_id = $1',
    [rotationId],
  )
  if (row === undefined) throw new Error(`no rotation ${rotationId}`)
  return { ...row, masterVersion }
}
