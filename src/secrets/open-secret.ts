import type { Clock } from '../core/clock.ts'
import { FailedPrecondition, NotFound } from '../core/errors.ts'
import { SecretData } from '../core/secret-data.ts'
import type { Sql } from '../storage/index.ts'
import type { Keyring } from './keys/keyring.ts'
import { unsealData } from './keys/sealed-data.ts'
import { type Opening, takeSealed } from './sql/take-sealed.ts'

export type OpenSecretDeps = { readonly db: Sql; readonly keyring: Keyring; readonly now: Clock }

export type OpenSecretInput = {
  readonly domainId: string
  /** '' for a plugin that needs no secret: nothing is opened, and nothing written down. */
  readonly secretId: string
  readonly opening: Opening
}

export type OpenedSecret = {
  readonly secretData: SecretData
  /** Counts the changes of the data; 0 without a secret. */
  readonly dataVersion: number
}

/**
 * Opens a secret for a plugin; call it where the plugin is called, as late as possible. Each opening is
 * written down first, with what it is for.
 */
export async function openSecret(
  { db, keyring, now }: OpenSecretDeps,
  { domainId, secretId, opening }: OpenSecretInput,
): Promise<OpenedSecret> {
  if (secretId === '') return { secretData: new SecretData({}), dataVersion: 0 }
  const stored = await takeSealed(db, { domainId, secretId }, opening, now())
  if (stored === undefined) throw new NotFound('secret', secretId)
  const master = await keyring.getKey(stored.masterVersion)
  const data = unsealData({ domainId, secretId }, master, stored)
  if (data === undefined) throw new SecretUnreadable(domainId, secretId)
  return { secretData: new SecretData(data), dataVersion: stored.dataVersion }
}

/** What is stored for a secret was not sealed for it, or was changed since. */
export class SecretUnreadable extends FailedPrecondition {
  constructor(domainId: string, secretId: string) {
    super(
      'ERROR_SECRET_UNREADABLE',
      `secret '${secretId}' of domain '${domainId}' cannot be opened: what is stored for it was not sealed for this secret of this domain, or was changed since. No credentials were used. Find out who can write to the database, then send the secret's data again (Secret.update_data) or restore a backup`,
    )
  }
}
