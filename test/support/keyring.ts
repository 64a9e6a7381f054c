import { environmentSource, type Keyring, openKeyring } from '../../src/secrets/index.ts'
import type { Database } from '../../src/storage/index.ts'

/** The master key of databases that tests make. */
export const TEST_MASTER_KEY = Buffer.alloc(32, 7).toString('base64')

/** A keyring for a test database, which learns the key of the first one it meets. */
export async function givenKeyring(db: Database, keys = TEST_MASTER_KEY): Promise<Keyring> {
  return await openKeyring({
    db,
    source: environmentSource('GLEANER_MASTER_KEY', keys),
    now: () => new Date(),
  })
}
