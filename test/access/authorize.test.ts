import { expect, test } from 'vitest'
import { type AccessPolicy, authorize, type Principal } from '../../src/access/index.ts'

const OWN = 'domain-000000000001'
const OTHER = 'domain-000000000002'
const KEY = { kind: 'api_key', apiKeyId: 'api-key-1', projectIds: [] } as const
const viewer: Principal = { ...KEY, domainId: OWN, role: 'VIEWER' }
const operator: Principal = { ...KEY, domainId: OWN, role: 'OPERATOR' }
const admin: Principal = { ...KEY, domainId: OWN, role: 'ADMIN' }
const administrator: Principal = { ...KEY, domainId: '', role: 'ADMIN' }
const anonymous: Principal = { kind: 'anonymous' }

const policy = (
  permission: AccessPolicy['permission'],
  domain: AccessPolicy['domain'] = 'required',
): AccessPolicy => ({ permission, domain })

test.each([
  [viewer, 'read', true],
  [viewer, 'run', false],
  [viewer, 'write', false],
  [operator, 'read', true],
  [operator, 'run', true],
  [operator, 'write', false],
  [admin, 'read', true],
  [admin, 'run', true],
  [admin, 'write', true],
  [admin, 'system', false],
  [administrator, 'read', true],
  [administrator, 'write', true],
  [administrator, 'system', true],
  [anonymous, 'write', true],
  [anonymous, 'system', true],
] as const)('%o with the right to %s: %s', (principal, permission, isAllowed) => {
  const ask = () => authorize(principal, policy(permission), OWN)
  if (isAllowed) expect(ask()).toBe(OWN)
  else expect(ask).toThrow(expect.objectContaining({ kind: 'forbidden', code: 'ERROR_PERMISSION_DENIED' }))
})

test("a key's own domain fills an absent one, also where a method could do without", () => {
  expect(authorize(viewer, policy('read'), '')).toBe(OWN)
  expect(authorize(admin, policy('write', 'optional'), '')).toBe(OWN)
})

test('another domain is refused in the same words whatever the method, the role and the id', () => {
  const messages = [viewer, admin].flatMap((principal) =>
    (['read', 'write'] as const).flatMap((permission) =>
      [OTHER, 'domain-ffffffffffff', 'system', 'x'].map((domainId) => {
        try {
          return authorize(principal, policy(permission), domainId)
        } catch (thrown) {
          return String(thrown)
        }
      }),
    ),
  )
  expect(new Set(messages).size).toBe(1)
})

test('without a key of a domain, a method of a domain has to name one', () => {
  for (const principal of [anonymous, administrator]) {
    expect(() => authorize(principal, policy('read'), '')).toThrow(/'domain_id' is required/)
    expect(authorize(principal, policy('write', 'optional'), '')).toBe('')
  }
})
