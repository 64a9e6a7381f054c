import { type FailureStatus, PluginError, Throttled } from '@gleaner/sdk'
import { policyIn } from './denials.ts'

/** What was being done, for whoever reads the task. */
export type Attempt = {
  /** In words, such as `listing EC2/Instance in eu-central-1`. */
  readonly what: string
  /** The permission that it takes, for answers that do not name it. */
  readonly action?: string | undefined
  /**
   * True when the same credentials were accepted elsewhere: then it is the region that does not know them.
   */
  readonly isKnownElsewhere?: boolean | undefined
}

const THROTTLED = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'TransactionInProgressException',
])
const DENIED =
  /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError|Forbidden|NotAuthorized|UnauthorizedAccess|AuthorizationErrorException)$/
const EXPIRED = /^(ExpiredToken|ExpiredTokenException|ExpiredTokenIdentityException|TokenRefreshRequired)$/
const SKEWED =
  /^(RequestTimeTooSkewed|RequestExpired|RequestInTheFuture|AuthFailure\.ClockSkew)$|signature (expired|not yet current)/i
const UNKNOWN_KEY =
  /^(InvalidClientTokenId|UnrecognizedClientException|AuthFailure|SignatureDoesNotMatch|InvalidSignatureException|InvalidAccessKeyId|IncompleteSignature|MissingAuthenticationToken|InvalidToken|InvalidIdentityToken)$/
const REGION_OFF = /^(OptInRequired|RegionDisabledException|InvalidRegion)$/
const NOT_FOUND = /NotFound|NoSuch|DoesNotExist|NonExistent|UnknownResource/

const NETWORK =
  /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|EAI_AGAIN|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|TimeoutError|RequestTimeout|RequestTimeoutException|ERR_STREAM_PREMATURE_CLOSE)$/

/**
 * What a failed call means: `Throttled` for the limiter, else a PluginError with one of the codes that
 * `docs/plugins/aws.md` explains. What was already classified stays as it is.
 */
export function classify(error: unknown, attempt: Attempt): PluginError | Throttled {
  if (error instanceof PluginError || error instanceof Throttled) return error
  const { message, name, status } = read(error)
  const say = (code: string, grpcStatus: FailureStatus, meaning: string) =>
    new PluginError(code, `${attempt.what}: ${meaning} (${name}: ${message})`, {
      status: grpcStatus,
      cause: error,
    })
  const passing = (code: string, meaning: string) =>
    new PluginError(code, `${attempt.what}: ${meaning} (${name}: ${message})`, {
      retryable: true,
      cause: error,
    })

  if (THROTTLED.has(name) || status === 429)
    return new Throttled(`${attempt.what}: ${name}`, retryAfterMs(error))
  if (SKEWED.test(name) || SKEWED.test(message))
    return passing('ERROR_CLOCK_SKEW', 'the clocks of this worker and of AWS are too far apart')
  if (EXPIRED.test(name))
    return say('ERROR_CREDENTIALS_EXPIRED', 'UNAUTHENTICATED', 'the session of these credentials is over')
  if (REGION_OFF.test(name))
    return say('ERROR_REGION_OFF', 'FAILED_PRECONDITION', 'the account has not enabled it')
  if (UNKNOWN_KEY.test(name)) {
    if (attempt.isKnownElsewhere)
      return say(
        'ERROR_REGION_OFF',
        'FAILED_PRECONDITION',
        'the region does not know credentials that others accept, so the account has not enabled it, or only just now',
      )
    return say('ERROR_AUTHENTICATE_FAILURE', 'UNAUTHENTICATED', 'AWS does not accept these credentials')
  }
  if (DENIED.test(name) || status === 403) return denied(error, attempt)
  if (NETWORK.test(name)) return passing('ERROR_PROVIDER', 'no answer came')
  if (error instanceof SyntaxError || isUnreadable(error))
    return passing('ERROR_ANSWER', 'the answer could not be read')
  if (status !== undefined && status >= 500) return passing('ERROR_PROVIDER', `AWS answered ${status}`)
  if (NOT_FOUND.test(name) || status === 404) return say('ERROR_NOT_FOUND', 'NOT_FOUND', 'it is not there')
  return say('ERROR_PROVIDER_REQUEST', 'INVALID_ARGUMENT', 'AWS refused the call')
}

/** Anything thrown, as a PluginError. */
export function toError(error: unknown): PluginError {
  if (error instanceof PluginError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new PluginError('ERROR_PLUGIN_FAILED', message, { cause: error })
}

/** True when the thing asked about has gone since it was listed. */
export function isGone(error: unknown): boolean {
  return error instanceof PluginError && error.code === 'ERROR_NOT_FOUND'
}

/** The credentials may not do what was asked, by whatever policy. */
export class Denied extends PluginError {
  /** The permission that is missing or forbidden, where it is known. */
  readonly action: string | undefined
  /** The kind of policy that forbids it, in words; undefined where a permission is missing. */
  readonly policy: string | undefined

  constructor(code: string, message: string, { action, cause, policy }: DeniedFacts) {
    super(code, message, { status: 'PERMISSION_DENIED', cause })
    this.action = action
    this.policy = policy
  }
}

type DeniedFacts = {
  readonly action: string | undefined
  readonly policy: string | undefined
  readonly cause: unknown
}

function denied(cause: unknown, { action: expected, what }: Attempt): Denied {
  const { message, name } = read(cause)
  const action = /not authorized to perform:? ([a-z0-9-]+:[A-Za-z0-9*]+)/.exec(message)?.[1] ?? expected
  const policy = policyIn(message)
  const isForbidden = policy !== undefined
  const meaning = isForbidden
    ? `a policy forbids ${action === undefined ? 'it' : `'${action}'`}`
    : `the permission ${action === undefined ? 'for it' : `'${action}'`} is missing`
  const code = isForbidden ? 'ERROR_POLICY_DENIED' : 'ERROR_ACCESS_DENIED'
  return new Denied(code, `${what}: ${meaning} (${name}: ${message})`, { action, cause, policy })
}

type Read = { readonly name: string; readonly message: string; readonly status: number | undefined }

/** Name, words and status of an SDK error, whose class depends on the service. */
function read(error: unknown): Read {
  if (!(error instanceof Error)) return { name: 'Unknown', message: String(error), status: undefined }
  const code = textOf(error, 'Code') ?? textOf(error, 'code')
  const name = error.name === 'Error' ? (code ?? error.name) : error.name
  const metadata: unknown = Reflect.get(error, '$metadata')
  const status: unknown = isObject(metadata) ? Reflect.get(metadata, 'httpStatusCode') : undefined
  return { name, message: error.message, status: typeof status === 'number' ? status : undefined }
}

/**
 * A body that ends in the middle fails where it is parsed; the SDK keeps the answer beside the parser's
 * error.
 */
function isUnreadable(error: unknown): boolean {
  return isObject(error) && Reflect.has(error, '$responseBodyText')
}

function retryAfterMs(error: unknown): number | undefined {
  const response: unknown = isObject(error) ? Reflect.get(error, '$response') : undefined
  const headers: unknown = isObject(response) ? Reflect.get(response, 'headers') : undefined
  const seconds = isObject(headers) ? Number(Reflect.get(headers, 'retry-after')) : Number.NaN
  return Number.isFinite(seconds) ? Math.min(seconds, 120) * 1_000 : undefined
}

function textOf(value: object, key: string): string | undefined {
  const text: unknown = Reflect.get(value, key)
  return typeof text === 'string' ? text : undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
