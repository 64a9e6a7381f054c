import type { Rotation } from './begin-rotation.ts'
import type { RotateKeysDeps } from './rotate-keys.ts'

// A key that a secret still needs, because it could not be opened, stays RETIRING: every process goes on
// needing it.
const RETIRE = `
update master_key k set state = 'RETIRED', retired_at = $1
 where state = 'RETIRING' and not exists (select from secret s where s.master_version = k.version)
   and not exists (select from webhook w where w.master_version = k.version)`

const FINISH = `
update key_rotation set finished_at = coalesce(finished_at, $2) where rotation_id = $1 returning *`

/** Ends a rotation that has nothing left to do, and retires the keys that no secret needs any more. */
export async function finishRotation(
  { db, now }: RotateKeysDeps,
  { rotationId, masterVersion }: Rotation,
): Promise<Rotation> {
  return await db.transaction(async (tx) => {
    await tx.query(RETIRE, [now()])
    const [row] = await tx.query<Omit<Rotation, 'masterVersion'>>(FINISH, [rotationId, now()])
    if (row === undefined) throw new Error(`no rotation ${rotationId}`)
    return { ...row, masterVersion }
  })
}
