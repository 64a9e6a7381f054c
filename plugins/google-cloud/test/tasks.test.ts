import { generateKeyPairSync } from 'node:crypto'
import { matcherOf } from '@gleaner/sdk'
import { expect, test } from 'vitest'
import { readParents } from '../src/parents.ts'
import { signAssertion } from '../src/sign-assertion.ts'
import { sharesOf } from '../src/tasks.ts'

const secret = { type: 'service_account', token_uri: 'https://t', project_id: 'own' } as const
const parents = (chosen: readonly string[]) => readParents({ ...OPTIONS, parents: chosen }, secret)
const OPTIONS = {
  parents: [],
  asset_types: [],
  exclude: [],
  page_size: 1,
  request_timeout_seconds: 1,
  endpoint: 'https://x',
}

test('parents are projects and what holds projects, each once, and else the key’s own project', () => {
  expect(parents([])).toEqual({ projects: ['own'], containers: [] })
  expect(
    parents(['folders/1', 'projects/a-b', 'projects/example.com:old', 'projects/a-b', 'organizations/2']),
  ).toEqual({
    projects: ['a-b', 'example.com:old'],
    containers: ['folders/1', 'organizations/2'],
  })
  expect(() => parents(['projects/a/../b'])).toThrow("'projects/a/../b' must be like")
})

test.each([0, 1, 800, 801, 2_001])('%d projects become at most 800 tasks, and none is left out', (count) => {
  const ids = Array.from({ length: count }, (_, at) => `id-${at}`)
  const shares = sharesOf(ids)
  expect(shares.length).toBeLessThanOrEqual(800)
  expect(shares.flat()).toEqual(ids)
})

test('a pattern means what it says, and no more', () => {
  const isExcluded = matcherOf(['k8s.io/*', '*.k8s.io/*'])
  expect(
    ['k8s.io/Pod', 'apps.k8s.io/Deployment', 'k8sxio/Pod', 'x.googleapis.com/k8s.io'].map(isExcluded),
  ).toEqual([true, true, false, false])
})

test('a key that is no RSA key, or none at all, is refused before anything is sent', () => {
  const claims = { email: 'a', keyId: undefined, scope: 's', audience: 'x', nowMs: 0 }
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }))
  expect(() => signAssertion(pem, claims)).toThrow('must be an RSA key')
  expect(() => signAssertion('x', claims)).toThrow('is no private key in PEM')
  const rsa = String(
    generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
  )
  expect(signAssertion(rsa.replaceAll('\n', '\\n'), claims).split('.')).toHaveLength(3)
})
