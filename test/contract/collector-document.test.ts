import type { DescField, DescMessage } from '@bufbuild/protobuf'
import { expect, test } from 'vitest'
import comments from '../../src/gen/comments.json' with { type: 'json' }
import { Collector } from '../../src/gen/spaceone/api/inventory/v1/collector_pb.ts'
import document from '../fixtures/contract/collector-document.json' with { type: 'json' }
import { contractFacts, loadContract, typeName } from './contract-facts.ts'

type DocumentField = { readonly type: string; readonly required?: boolean }
type DocumentMethod = (typeof document.methods)['create']

const methods: [string, DocumentMethod][] = Object.entries(document.methods)
const messages: [string, Record<string, DocumentField>][] = Object.entries(document.messages)
const contract = loadContract()
const compiledMethods = contractFacts(contract, Collector.typeName).services[Collector.typeName]

test('the Collector service has the methods of the document and no other', () => {
  expect(Object.keys(compiledMethods ?? {})).toEqual(methods.map(([name]) => name))
})

test.each(methods)('%s has the request, response and path of the document', (name, method) => {
  const [types = '', binding] = (compiledMethods?.[name] ?? '').split('  ')
  expect(types.split(' -> ').map(lastSegment)).toEqual([method.request, method.response])
  expect(binding).toBe(`${method.verb} ${method.path}`)
})

test.each(messages)('%s has the fields of the document, in its order and with its types', (name, fields) => {
  const expected = Object.entries(fields).map(([field, { type }]) => `${type} ${field}`)
  expect(messageOf(name).fields.map(nameWithType)).toEqual(expected)
})

test.each(messages)('the comments of %s say which fields the document requires', (name, fields) => {
  const required = Object.entries(fields).filter(([, field]) => field.required === true)
  const commentOf = new Map(Object.entries(comments))
  for (const [field] of required) {
    expect(commentOf.get(`${messageOf(name).typeName}.${field}`), field).toMatch(/\bRequired\b/)
  }
})

function messageOf(name: string): DescMessage {
  const message = contract.getMessage(`spaceone.api.inventory.v1.${name}`)
  if (message === undefined) throw new Error(`message '${name}' of the document is not in the contract`)
  return message
}

function nameWithType(field: DescField): string {
  return `${lastSegment(typeName(field))} ${field.name}`
}

function lastSegment(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}
