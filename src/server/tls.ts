import { readFileSync } from 'node:fs'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import type { Logger } from '../access/index.ts'
import { FailedPrecondition, toError } from '../core/errors.ts'

/** PEM files of the certificate chain and its private key. */
export type TlsFiles = { readonly certFile: string; readonly keyFile: string }

/** The files of a configuration that names both; undefined for plain text. */
export function tlsFiles({
  tlsCert,
  tlsKey,
}: {
  readonly tlsCert?: string | undefined
  readonly tlsKey?: string | undefined
}): TlsFiles | undefined {
  return tlsCert === undefined || tlsKey === undefined ? undefined : { certFile: tlsCert, keyFile: tlsKey }
}

/** How often the files are looked at, milliseconds: certificates are renewed days before they end. */
export const TLS_RELOAD_MS = 10_000

/** Reads both files; throws when they are missing, no PEM, or do not belong together. */
export function readTls({ certFile, keyFile }: TlsFiles): SecureContextOptions {
  try {
    const pair = { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') }
    createSecureContext(pair)
    return pair
  } catch (thrown) {
    throw new FailedPrecondition(
      'ERROR_TLS_FILES',
      `the certificate '${certFile}' and the key '${keyFile}' cannot be used: ${toError(thrown).message}. Give a PEM certificate chain and the private key that belongs to it`,
      { cause: thrown },
    )
  }
}

/**
 * Hands over the pair whenever its files have changed, until the returned function is called. A pair that
 * cannot be used, such as one that is half written, is left alone until it can.
 */
export function watchTls(
  files: TlsFiles,
  log: Logger,
  use: (pair: SecureContextOptions) => void,
  everyMs = TLS_RELOAD_MS,
): () => void {
  let last = textOf(readTls(files))
  const look = () => {
    try {
      const pair = readTls(files)
      if (textOf(pair) === last) return
      last = textOf(pair)
      use(pair)
      log.info({ certFile: files.certFile }, 'the certificate was read again')
    } catch (thrown) {
      log.warn({ err: toError(thrown).message }, 'the changed certificate is not used yet')
    }
  }
  const timer = setInterval(look, everyMs).unref()
  return () => clearInterval(timer)
}

function textOf({ cert, key }: SecureContextOptions): string {
  return `${cert}${key}`
}
