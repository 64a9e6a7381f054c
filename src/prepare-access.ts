import { hasApiKey, type Logger } from './access/index.ts'
import type { Config } from './config/index.ts'
import type { Clock } from './core/clock.ts'
import { FailedPrecondition } from './core/errors.ts'
import type { Database } from './storage/index.ts'
import { ensureFirstApiKey } from './tenants/index.ts'

type PrepareAccess = {
  readonly db: Database
  readonly config: Pick<Config, 'host' | 'firstApiKey'>
  readonly log: Logger
  readonly now: Clock
}

/**
 * Before anybody can call: stores the first key, if one is configured, and refuses to be reachable by others
 * without any.
 */
export async function prepareAccess({ db, config, log, now }: PrepareAccess): Promise<void> {
  const { host, firstApiKey } = config
  if (firstApiKey !== undefined && (await ensureFirstApiKey(db, { apiKey: firstApiKey, now: now() })))
    log.info({}, 'the first API key was stored; every call needs one from now on')
  if (LOOPBACK.test(host) || (await hasApiKey(db))) return
  throw new FailedPrecondition(
    'ERROR_OPEN_SERVER',
    `'${host}' can be reached by other machines, and there is no API key yet, so that everybody there could read and change the inventory. Nothing was bound. Set GLEANER_FIRST_API_KEY to a secret of at least 32 characters, or start on 127.0.0.1 and run: gleaner keys create`,
  )
}

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|localhost)$/
