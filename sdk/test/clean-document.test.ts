import { expect, test } from 'vitest'
import { cleanDocument } from '../src/clean-document.ts'

const RULES = {
  secret: /^script$/,
  environment: /^(env|headers)$/,
  harmless: /^MODE$/,
  volatile: /^etag$/,
  reference: /^vault:/,
}

test('what is named like a credential goes, wherever it stands, and switches and numbers stay', () => {
  const document = {
    dbPassword: 'needle',
    script: 'needle',
    etag: 'x',
    tokens: ['needle', 'needle'],
    hasSecret: true,
    retries: 3,
    password: null,
    secretRef: { name: 'db' },
    list: [{ apiKey: 'needle' }, { credentials: { accessToken: 'needle', user: 'me' } }],
    token: 'vault:db/token',
  }
  expect(cleanDocument(document, RULES)).toEqual({
    dbPassword: '(sensitive)',
    script: '(sensitive)',
    tokens: ['(sensitive)', '(sensitive)'],
    hasSecret: true,
    retries: 3,
    password: null,
    secretRef: { name: 'db' },
    list: [{ apiKey: '(sensitive)' }, { credentials: { accessToken: '(sensitive)', user: 'me' } }],
    token: 'vault:db/token',
  })
})

test.each([
  ['a map', { A: 'needle', MODE: 'fast', N: 1 }, { A: '(sensitive)', MODE: 'fast', N: 1 }],
  [
    'a list of pairs',
    [
      { name: 'A', value: 'needle' },
      { name: 'MODE', value: 'fast' },
      { name: 'B', from: { key: 'k', secret: 'needle' } },
    ],
    [
      { name: 'A', value: '(sensitive)' },
      { name: 'MODE', value: 'fast' },
      { name: 'B', from: { key: 'k', secret: '(sensitive)' } },
    ],
  ],
  ['a list of assignments', ['A=needle=1', 'B'], ['A=(sensitive)', 'B']],
  ['a text', 'needle', '(sensitive)'],
])('of an environment that is %s the names are kept', (_, env, clean) => {
  expect(cleanDocument({ env }, RULES)).toEqual({ env: clean })
})

test('a pair whose name is that of a credential loses its value outside of environments, too', () => {
  expect(
    cleanDocument({
      parameters: [
        { key: 'DbPassword', value: 'needle' },
        { key: 'Size', value: '3' },
      ],
    }),
  ).toEqual({
    parameters: [
      { key: 'DbPassword', value: '(sensitive)' },
      { key: 'Size', value: '3' },
    ],
  })
})

test('a value below the name of a credential goes as well, and what it is called stays', () => {
  const parameters = {
    adminPassword: {
      type: 'string',
      defaultValue: 'needle',
      metadata: { description: 'of the administrator' },
    },
    apiToken: { value: { inner: ['needle'] } },
    size: { type: 'int', defaultValue: '3' },
  }
  expect(cleanDocument({ parameters, secret: { secretName: 'db' } })).toEqual({
    parameters: {
      adminPassword: {
        type: 'string',
        defaultValue: '(sensitive)',
        metadata: { description: 'of the administrator' },
      },
      apiToken: { value: { inner: ['(sensitive)'] } },
      size: { type: 'int', defaultValue: '3' },
    },
    secret: { secretName: 'db' },
  })
})

test('addresses, connection strings and command lines keep all but what lets somebody in', () => {
  const document = {
    url: 'https://me:needle@x.example/in?a=1&token=needle&sig=needle#top',
    storage: 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=needle==;EndpointSuffix=x',
    args: ['serve', '--password', 'needle', '--port=80'],
  }
  expect(cleanDocument(document)).toEqual({
    url: 'https://me:(sensitive)@x.example/in?a=1&token=(sensitive)&sig=(sensitive)#top',
    storage: 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=(sensitive);EndpointSuffix=x',
    args: ['serve', '--password', '(sensitive)', '--port=80'],
  })
})

test('a document of any depth and with any names is cleaned', () => {
  const levels = 1_000
  const deep = `${'{"token": "needle", "in": '.repeat(levels)}{}${'}'.repeat(levels)}`
  const text = JSON.stringify(cleanDocument(JSON.parse(deep)))
  expect(text).not.toContain('needle')
  expect(JSON.stringify(cleanDocument(JSON.parse('{"__proto__": {"token": "needle", "a": 1}}')))).toBe(
    '{"__proto__":{"token":"(sensitive)","a":1}}',
  )
})

test('no text takes for ever', () => {
  const size = 1_000_000
  const texts = ['a.', 'a:', '://', '://a:', '?sig=', 'pwd ', 'pwd=', '-'].map((part) =>
    part.repeat(size / part.length),
  )
  const document = Object.fromEntries(texts.map((text, at) => [`text-${at}`, `${text} :// =`]))
  expect(Object.keys(cleanDocument(document))).toHaveLength(texts.length)
})
