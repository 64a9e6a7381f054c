import { FailedPrecondition, Unavailable } from '../../core/errors.ts'
import type { KeySource } from './key-source.ts'
import type { RegisteredKey } from './registered-keys.ts'

/** A process starts without a key that stored secrets are sealed under. */
export class MasterKeyMissing extends FailedPrecondition {
  constructor(source: KeySource, missing: RegisteredKey, held: readonly string[]) {
    const { version, fingerprint } = missing
    const found =
      held.length === 0
        ? 'holds none'
        : `holds ${held.length === 1 ? 'another one' : 'others'} (${held.map(short).join(', ')})`
    super(
      'ERROR_MASTER_KEY',
      `the secrets in this database are sealed under master key version ${version} (fingerprint ${short(fingerprint)}), and ${source.name} ${found}. Nothing was started, and no secret was touched. Every process on one database needs the same keys: ${advice(source)}`,
    )
  }
}

/**
 * A secret is sealed under a key that this process does not hold: one that another process has added since.
 */
export class MasterKeyUnknown extends Unavailable {
  constructor(source: KeySource, version: number) {
    super(
      'ERROR_MASTER_KEY',
      `this process does not hold master key version ${version}, which another process has put to use: ${source.name} lacks it. No secret was opened. Give this process the same keys, and start it again: ${advice(source)}`,
    )
  }
}

/** There is no key at all, and none can be made where keys come from. */
export class NoMasterKey extends FailedPrecondition {
  constructor(source: KeySource) {
    super(
      'ERROR_MASTER_KEY',
      `${source.name} holds no master key, so no secret could be stored. Nothing was started. Make one with: openssl rand -base64 32, and ${source.howToAdd}`,
    )
  }
}

function advice({ howToAdd }: KeySource): string {
  return `copy them from a process that runs or from your backup, and ${howToAdd}`
}

function short(fingerprint: string): string {
  return fingerprint.slice(0, 12)
}
