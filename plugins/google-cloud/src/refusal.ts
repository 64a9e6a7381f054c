import { PluginError } from '@gleaner/sdk'

export const PERMISSION = 'cloudasset.assets.listResource'

/** The access token is not taken: it has expired, or was withdrawn. */
export class Unauthorized extends PluginError {}

type Asked = { readonly parent: string; readonly pageToken: string | undefined }
type Reason = { readonly reason: string; readonly consumer: string; readonly message: string }

/** What a refused list means for whoever reads the task, with the API's own words. */
export function refusalOf(status: number, text: string, { pageToken, parent }: Asked): PluginError {
  const { consumer, message, reason } = reasonIn(text)
  if (status === 401)
    return new Unauthorized('ERROR_AUTHENTICATE_FAILURE', `the access token was refused: ${message}`, {
      status: 'UNAUTHENTICATED',
    })
  if (reason === 'SERVICE_DISABLED')
    return new PluginError(
      'ERROR_SERVICE_DISABLED',
      `the Cloud Asset API is not enabled in ${consumer}, which pays for the calls; enable cloudasset.googleapis.com there, or name another project by options.quota_project`,
      { status: 'FAILED_PRECONDITION' },
    )
  if (reason === 'USER_PROJECT_DENIED')
    return new PluginError(
      'ERROR_ACCESS_DENIED',
      `the credential may not have ${consumer} pay for its calls (${message}); give it serviceusage.services.use there, or name another project by options.quota_project`,
      { status: 'PERMISSION_DENIED' },
    )
  if (status === 403 && reason === 'SECURITY_POLICY_VIOLATED')
    return new PluginError(
      'ERROR_ACCESS_DENIED',
      `a service perimeter keeps the calls from ${parent} (${message})`,
      { status: 'PERMISSION_DENIED' },
    )
  if (status === 403)
    return new PluginError(
      'ERROR_ACCESS_DENIED',
      `the permission '${PERMISSION}' is missing on ${parent} (${message})`,
      {
        status: 'PERMISSION_DENIED',
      },
    )
  if (status === 404)
    return new PluginError('ERROR_NOT_FOUND', `there is no ${parent} (${message})`, { status: 'NOT_FOUND' })
  if (pageToken !== undefined)
    return new PluginError(
      'ERROR_LIST_EXPIRED',
      `the list of ${parent} broke off, since its page token is no longer taken (${message}); nobody knows what is missing in it`,
      { retryable: true },
    )
  return new PluginError('ERROR_PROVIDER_REQUEST', `Cloud Asset Inventory refused the request (${message})`, {
    status: 'INVALID_ARGUMENT',
  })
}

/**
 * `{ error: { message, details: [{ reason, metadata: { consumer } }] } }`, of which anything may be missing.
 */
function reasonIn(text: string): Reason {
  const error = fieldsOf(fieldsOf(parse(text)).error)
  const details = Array.isArray(error.details) ? error.details.map(fieldsOf) : []
  const info = details.find(({ reason }) => typeof reason === 'string')
  return {
    reason: textOf(info?.reason) ?? '',
    consumer: textOf(fieldsOf(info?.metadata).consumer) ?? 'the project',
    message: (textOf(error.message) ?? 'no reason was given').slice(0, 1_000),
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
