import { join } from 'node:path'
import { type Config, OPTIONS } from './config/index.ts'
import { GleanerError } from './core/errors.ts'
import { commandSource, environmentSource, fileSource, type KeySource } from './secrets/index.ts'

/** Where this process takes its master keys from; without any setting a file in the data folder. */
export function toKeySource(config: Config): KeySource {
  const { masterKey, masterKeyFile, masterKeyCommand } = config
  assertOne([masterKey, masterKeyFile, masterKeyCommand])
  if (masterKeyCommand !== undefined) return commandSource(masterKeyCommand)
  if (masterKey !== undefined) return environmentSource(OPTIONS.masterKey.env, masterKey)
  return fileSource(masterKeyFile ?? join(config.dataDir, 'master.key'))
}

/** Of two sources one would be ignored, and nobody would know which. */
function assertOne(settings: readonly (string | undefined)[]): void {
  if (settings.filter((setting) => setting !== undefined).length <= 1) return
  throw new GleanerError(
    'invalid',
    'ERROR_CONFIGURATION',
    'the configuration cannot be used: GLEANER_MASTER_KEY, GLEANER_MASTER_KEY_FILE and GLEANER_MASTER_KEY_COMMAND exclude each other. Nothing was started. Set one of them',
  )
}
