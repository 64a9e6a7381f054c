import { PluginError, Throttled } from '@gleaner/sdk'
import { expect, test } from 'vitest'
import { describeDenials, policyIn } from '../src/denials.ts'
import { classify } from '../src/errors.ts'

/** An error as the clients of AWS throw it. */
function refusal(name: string, message = '', status = 400): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } })
}

const ATTEMPT = { what: 'listing SNS/Topic in eu-central-1', action: 'sns:ListTopics' }
const WHO = 'User: arn:aws:iam::123456789012:user/x is not authorized to perform: sns:ListTopics'

/** How AWS says which policy it was: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
test.each([
  ['because no identity-based policy allows the sns:ListTopics action', 'ERROR_ACCESS_DENIED'],
  ['because no resource-based policy allows the sns:ListTopics action', 'ERROR_ACCESS_DENIED'],
  ['with an explicit deny in an identity-based policy', 'ERROR_POLICY_DENIED'],
  ['with an explicit deny in a service control policy', 'ERROR_POLICY_DENIED'],
  ['because no service control policy allows the sns:ListTopics action', 'ERROR_POLICY_DENIED'],
  ['with an explicit deny in a resource control policy', 'ERROR_POLICY_DENIED'],
  ['because no permissions boundary allows the sns:ListTopics action', 'ERROR_POLICY_DENIED'],
  ['with an explicit deny in a permissions boundary', 'ERROR_POLICY_DENIED'],
  ['because no session policy allows the sns:ListTopics action', 'ERROR_POLICY_DENIED'],
  ['with an explicit deny in a session policy', 'ERROR_POLICY_DENIED'],
  ['because no VPC endpoint policy allows the sns:ListTopics action', 'ERROR_POLICY_DENIED'],
])('%s: %s, naming the action', (why, code) => {
  const error = classify(refusal('AccessDenied', `${WHO} ${why}`, 403), ATTEMPT)
  expect(error).toMatchObject({
    code,
    status: 'PERMISSION_DENIED',
    retryable: false,
    action: 'sns:ListTopics',
  })
  expect(error.message).toContain("'sns:ListTopics'")
})

test('a check tells what policies forbid from what permissions would open', () => {
  const denied = (action: string, why: string) => ({ action, policy: policyIn(`${WHO} ${why}`) })
  const denials = [
    denied('sns:ListTopics', 'with an explicit deny in a service control policy'),
    denied('sqs:ListQueues', 'because no identity-based policy allows the sqs:ListQueues action'),
    denied('sns:GetTopicAttributes', 'with an explicit deny in a service control policy'),
    denied('ec2:DescribeVpcs', 'because no VPC endpoint policy allows the ec2:DescribeVpcs action'),
    denied('kms:ListKeys', 'with an explicit deny'),
  ]
  expect(describeDenials('user/x', denials)).toEqual([
    'user/x may not sqs:ListQueues',
    'a VPC endpoint policy forbids user/x ec2:DescribeVpcs',
    'an explicit deny in a policy forbids user/x kms:ListKeys',
    'an explicit deny in a service control policy forbids user/x sns:GetTopicAttributes, sns:ListTopics',
  ])
})

test('a denial that names no action is told by what was tried', () => {
  const error = classify(refusal('UnauthorizedOperation', 'You are not authorized.', 403), ATTEMPT)
  expect(error).toMatchObject({ code: 'ERROR_ACCESS_DENIED', action: 'sns:ListTopics' })
})

test.each([
  ['OptInRequired', 'ERROR_REGION_OFF', false],
  ['ExpiredTokenException', 'ERROR_CREDENTIALS_EXPIRED', false],
  ['UnrecognizedClientException', 'ERROR_AUTHENTICATE_FAILURE', false],
  ['RequestTimeTooSkewed', 'ERROR_CLOCK_SKEW', true],
] as const)('%s is %s', (name, code, retryable) => {
  expect(classify(refusal(name), ATTEMPT)).toMatchObject({ code, retryable })
})

test('credentials that others accept say that the region is off', () => {
  const attempt = { ...ATTEMPT, isKnownElsewhere: true }
  expect(classify(refusal('AuthFailure', '', 401), attempt)).toMatchObject({ code: 'ERROR_REGION_OFF' })
})

test.each(['Throttling', 'RequestLimitExceeded', 'SlowDown', 'TooManyRequestsException'])(
  '%s is for the limiter, and no failure yet',
  (name) => {
    const error = classify(refusal(name), ATTEMPT)
    expect(error).toBeInstanceOf(Throttled)
    expect(error).not.toBeInstanceOf(PluginError)
  },
)
