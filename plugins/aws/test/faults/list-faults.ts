import type { Fault } from '../../../../test/support/fault-proxy.ts'

export type ListFault = {
  /** What happens to each call of the list. */
  readonly fault: Fault
  /** Of the error that it costs. */
  readonly code: string
}

/** What befalls a list at once, whichever API it is read by. The first wants a list of more than one page. */
export const LIST_FAULTS: readonly ListFault[] = [
  { fault: { ask: firstPage }, code: 'ERROR_PAGING' },
  { fault: { status: 400, code: 'ExpiredTokenException' }, code: 'ERROR_CREDENTIALS_EXPIRED' },
  { fault: { status: 403, code: 'RequestTimeTooSkewed' }, code: 'ERROR_CLOCK_SKEW' },
  { fault: { status: 403, code: 'OptInRequired' }, code: 'ERROR_REGION_OFF' },
  { fault: { status: 403, code: 'AccessDenied' }, code: 'ERROR_ACCESS_DENIED' },
  {
    fault: {
      status: 403,
      code: 'AccessDenied',
      message: 'it is denied with an explicit deny in a service control policy',
    },
    code: 'ERROR_POLICY_DENIED',
  },
  { fault: { status: 500, code: 'InternalError' }, code: 'ERROR_PROVIDER' },
  { fault: { change: (body) => body.slice(0, body.length / 2) }, code: 'ERROR_ANSWER' },
]

/** A list that takes far longer than its calls may. */
export function slowList(timeoutMs: number): ListFault {
  return { fault: { delayMs: 6 * timeoutMs }, code: 'ERROR_PROVIDER' }
}

/**
 * Asks for the first small page whatever is asked for, so that the list gives the same token again and again.
 */
function firstPage(body: string): string {
  if (!body.startsWith('{'))
    return body.replace(/MaxResults=\d+/, 'MaxResults=5').replace(/&NextToken=[^&]*/, '')
  const { NextToken: _, ...others } = JSON.parse(body)
  return JSON.stringify(others)
}
