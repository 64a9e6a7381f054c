import type { JsonObject } from '@bufbuild/protobuf'
import type { Transaction } from '../storage/index.ts'
import type { Keyring } from './keys/keyring.ts'
import { sealData } from './keys/sealed-data.ts'
import { insertSecret, type NewSecret } from './sql/insert-secret.ts'

/** Stores a new secret: its data leave this function sealed, and nowhere else. */
export async function storeSecret(
  tx: Transaction,
  keyring: Keyring,
  secret: NewSecret,
  data: JsonObject,
): Promise<void> {
  const master = await keyring.holdCurrentKey(tx)
  await insertSecret(tx, secret, sealData(secret, 1, master, data))
}
