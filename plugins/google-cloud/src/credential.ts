import { type CallContext, InvalidInput, type Issued, PluginError } from '@gleaner/sdk'
import type { Options, Secret } from './options.ts'
import { signAssertion } from './sign-assertion.ts'

/** Cloud Asset Inventory takes no narrower one; what may be read is for the roles to say. */
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform'
/** No schema lists them, since its complaint would name one, and that may be a value of the secret. */
const TYPES = ['service_account', 'authorized_user']
const BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
/** Statuses whose body says why no token was given. */
const TOLD = [400, 401, 403]

type Answer = { readonly access_token?: unknown; readonly expires_in?: unknown }
type Asking = Pick<CallContext<Options, Secret>, 'fetch' | 'options' | 'secretData'>

/** Asks the token endpoint for an access token. */
export async function issueToken({ fetch, options, secretData }: Asking): Promise<Issued<string>> {
  const form = new URLSearchParams(grantOf(secretData))
  const answer = await fetch(tokenUriOf(secretData), {
    method: 'POST',
    body: form,
    accept: TOLD,
    redirect: 'manual',
    timeoutMs: options.request_timeout_seconds * 1_000,
  })
  const text = await answer.text()
  if (!answer.ok) throw refusal(answer.status, text)
  const { access_token: token, expires_in: seconds } = parse(text)
  if (typeof token !== 'string' || typeof seconds !== 'number')
    throw new PluginError('ERROR_ANSWER', 'the token endpoint answered without a token')
  return { value: token, expiresAt: new Date(Date.now() + seconds * 1_000) }
}

/** Says everything that the secret lacks at once. */
function grantOf(secret: Secret): Record<string, string> {
  const { client_email: email, private_key: key, private_key_id: keyId } = secret
  const { client_id: id, client_secret: clientSecret, refresh_token: refreshToken } = secret
  if (!TYPES.includes(secret.type)) throw new InvalidInput(['secret_data.type is none that can be used here'])
  if (secret.type === 'service_account') {
    if (email === undefined || key === undefined) throw missing(secret, ['client_email', 'private_key'])
    const claims = { email, keyId, scope: SCOPE, audience: secret.token_uri, nowMs: Date.now() }
    return { grant_type: BEARER, assertion: signAssertion(key, claims) }
  }
  if (id === undefined || clientSecret === undefined || refreshToken === undefined)
    throw missing(secret, ['client_id', 'client_secret', 'refresh_token'])
  return {
    grant_type: 'refresh_token',
    client_id: id,
    client_secret: clientSecret,
    refresh_token: refreshToken,
  }
}

function missing(secret: Secret, names: readonly (keyof Secret)[]): InvalidInput {
  const absent = names.filter((name) => secret[name] === undefined)
  // What the credential is stands in the secret itself, and no value of that may be repeated.
  return new InvalidInput(absent.map((name) => `secret_data.${name} is missing`))
}

function tokenUriOf({ token_uri: uri }: Secret): URL {
  const url = URL.parse(uri)
  if (url !== null && /^https?:$/.test(url.protocol)) return url
  throw new InvalidInput(['secret_data.token_uri must be an address that begins with https://'])
}

/** OAuth says why in two fields, which quote nothing of the credential. */
function refusal(status: number, text: string): PluginError {
  const { error, error_description: description } = parse(text)
  const why = [error, description].filter((each) => typeof each === 'string').join(': ')
  const message = `no access token was given (${status}${why === '' ? '' : `, ${why.slice(0, 500)}`})`
  return new PluginError('ERROR_AUTHENTICATE_FAILURE', message, { status: 'UNAUTHENTICATED' })
}

function parse(text: string): Answer & Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
