import { type Issued, PluginError } from '@gleaner/sdk'
import type { Cloud } from './clouds.ts'
import type { Context } from './options.ts'

/** Statuses whose body says why no token was given. */
const TOLD = [400, 401, 403]

/** Asks Entra ID for an access token of the application. */
export async function issueToken(
  { fetch, options, secretData }: Context,
  { login, scope }: Cloud,
): Promise<Issued<string>> {
  const base = login.pathname.replace(/\/$/, '')
  const url = new URL(`${base}/${encodeURIComponent(secretData.tenant_id)}/oauth2/v2.0/token`, login)
  const answer = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: secretData.client_id,
      client_secret: secretData.client_secret,
      scope,
    }),
    accept: TOLD,
    redirect: 'manual',
    timeoutMs: options.request_timeout_seconds * 1_000,
  })
  const body = parse(await answer.text())
  if (!answer.ok) throw refusal(answer.status, body)
  const { access_token: token, expires_in: seconds } = body
  if (typeof token !== 'string' || typeof seconds !== 'number')
    throw new PluginError('ERROR_ANSWER', 'Entra ID answered without a token')
  return { value: token, expiresAt: new Date(Date.now() + seconds * 1_000) }
}

/** The first line says why; what follows are numbers by which Microsoft finds the request. */
function refusal(status: number, { error, error_description: description }: Fields): PluginError {
  const [line = ''] = typeof description === 'string' ? description.split(/\r?\n/) : []
  const why = [error, line].filter((each) => typeof each === 'string' && each !== '').join(': ')
  const message = `no access token was given (${status}${why === '' ? '' : `, ${why.slice(0, 500)}`})`
  return new PluginError('ERROR_AUTHENTICATE_FAILURE', message, { status: 'UNAUTHENTICATED' })
}

type Fields = Readonly<Record<string, unknown>>

function parse(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
