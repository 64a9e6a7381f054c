import { PluginError } from '@gleaner/sdk'

/** The access token is not taken: it has expired, or was withdrawn. */
export class Unauthorized extends PluginError {}

/** What a refused call means for whoever reads the task, with the API's own words. */
export function refusalOf(status: number, text: string, path: string): PluginError {
  const { code, message } = reasonIn(text)
  const why = `${path} answered ${status}${code === '' ? '' : `, ${code}`}: ${message}`
  if (status === 401)
    return new Unauthorized('ERROR_AUTHENTICATE_FAILURE', `the access token was refused: ${why}`, {
      status: 'UNAUTHENTICATED',
    })
  if (status === 403)
    return new PluginError('ERROR_ACCESS_DENIED', `a role such as Reader is missing: ${why}`, {
      status: 'PERMISSION_DENIED',
    })
  if (status === 404) return new PluginError('ERROR_NOT_FOUND', why, { status: 'NOT_FOUND' })
  return new PluginError('ERROR_PROVIDER_REQUEST', why, { status: 'FAILED_PRECONDITION' })
}

/** `{ error: { code, message, details: [{ code, message }] } }`, of which the innermost says most. */
function reasonIn(text: string): { readonly code: string; readonly message: string } {
  const error = fieldsOf(fieldsOf(parse(text)).error)
  const [detail] = Array.isArray(error.details) ? error.details.map(fieldsOf) : []
  const code = [textOf(error.code), textOf(detail?.code)].filter((each) => each !== '').join(' ')
  const message = [textOf(error.message), textOf(detail?.message)].filter((each) => each !== '').join(' ')
  return { code, message: message === '' ? 'no reason was given' : message.slice(0, 1_000) }
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

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
