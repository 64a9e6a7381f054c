import { join } from 'node:path'
import { type Config, OPTIONS } from './config.ts'
import { environmentSource, fileSource, type KeySource } from './secrets/index.ts'

/** Where this process takes its master keys from; without any setting a file in the data folder. */
export function toKeySource(config: Config): KeySource {
  if (config.masterKey !== undefined) return environmentSource(OPTIONS.masterKey.env, config.masterKey)
  return fileSource(config.masterKeyFile ?? join(config.dataDir, 'master.key'))
}
