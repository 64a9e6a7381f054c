import { readFile } from 'node:fs/promises'
import { type CallContext, type HttpSecret, httpAuthorization, InvalidInput, PluginError } from '@gleaner/sdk'
import { parseState, type State } from './state.ts'

export type Source = { readonly path?: string; readonly url?: string }

/**
 * Reads the state from the file or address that the options name. Without exactly one of the two, nothing is
 * tried.
 */
export async function readSource({
  fetch,
  network,
  options: { path, url },
  secretData,
  signal,
}: CallContext<Source, HttpSecret>): Promise<State> {
  if ((path === undefined) === (url === undefined))
    throw new InvalidInput(['options must hold either path or url: where the state is'])
  if (path !== undefined) network.assertLocal('options.path')
  if (path !== undefined) return parseState(await readLocal(path, signal))
  if (!URL.canParse(url ?? '') || !/^https?:/.test(url ?? ''))
    throw new InvalidInput(['options.url must be an address that begins with https:// or http://'])
  const headers = { accept: 'application/json', ...httpAuthorization(secretData) }
  // A redirect would take the credential along to wherever it leads.
  const answer = await fetch(url ?? '', { headers, redirect: 'manual' })
  return parseState(await answer.text())
}

async function readLocal(path: string, signal: AbortSignal): Promise<string> {
  try {
    return await readFile(path, { encoding: 'utf8', signal })
  } catch (error) {
    signal.throwIfAborted()
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    throw new PluginError(
      'ERROR_STATE_FILE',
      `options.path cannot be read (${code}); the plugin runs as an unprivileged user, which must be let in`,
      { status: 'FAILED_PRECONDITION', cause: error },
    )
  }
}
