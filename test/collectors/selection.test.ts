import { expect, test } from 'vitest'
import { nextSelection } from '../../src/collectors/collector-changes.ts'
import type { SecretSelection } from '../../src/secrets/index.ts'

const current: SecretSelection = { secretId: 's', secretGroupId: '', provider: 'p', serviceAccountId: '' }

test.each<[string, Partial<SecretSelection>, object]>([
  ['no selector keeps the choice', {}, { secretId: 's', provider: 'p' }],
  ['one selector replaces the whole choice', { secretGroupId: 'g' }, { secretGroupId: 'g' }],
  ['the same selector with another value, too', { provider: 'q' }, { provider: 'q' }],
  ['an empty selector clears itself alone', { secretId: '' }, { provider: 'p' }],
  ['all of them empty clear all', { secretId: '', provider: '' }, {}],
  [
    'a value beside an empty one is the choice',
    { secretId: '', serviceAccountId: 'a' },
    { serviceAccountId: 'a' },
  ],
])('%s', (_, sent, expected) => {
  const none = { secretId: '', secretGroupId: '', provider: '', serviceAccountId: '' }
  expect(nextSelection(current, sent)).toEqual({ ...none, ...expected })
})
