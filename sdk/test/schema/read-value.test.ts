import { expect, test } from 'vitest'
import { checkSchema } from '../../src/schema/check-schema.ts'
import type { FromSchema, ObjectSchema } from '../../src/schema/json-schema.ts'
import { readObject } from '../../src/schema/read-value.ts'

const SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'limits'],
  properties: {
    name: { type: 'string' },
    size: { type: 'integer', minimum: 1, maximum: 10, default: 3 },
    mode: { type: 'string', enum: ['fast', 'safe'] },
    tags: { type: 'array', items: { type: 'string' }, default: ['none'] },
    limits: { type: 'object', properties: { ratio: { type: 'number' } }, required: ['ratio'] },
  },
} as const satisfies ObjectSchema

test('defaults are filled in, and null counts as absent', () => {
  const { value, problems } = readObject(SCHEMA, { name: 'a', size: null, limits: { ratio: 0.5 } }, 'options')
  expect(problems).toEqual([])
  expect(value).toEqual({ name: 'a', size: 3, tags: ['none'], limits: { ratio: 0.5 } })
  const typed: FromSchema<typeof SCHEMA>['size'] = 3
  expect(value.size).toBe(typed)
})

test('all problems come at once, each with its path', () => {
  const input = { size: 1.5, mode: 'wild', tags: ['a', 1], limits: {}, nmae: 'x' }
  expect(readObject(SCHEMA, input, 'options').problems).toEqual([
    'options.name is required',
    'options.size must be an integer, but is a number',
    'options.mode must be one of "fast", "safe"',
    'options.tags[1] must be a string, but is a number',
    'options.limits.ratio is required',
    'options.nmae is unknown (known are name, size, mode, tags, limits)',
  ])
})

test.each([
  [0, 'options.size must be at least 1'],
  [11, 'options.size must be at most 10'],
])('%d is outside the range', (size, problem) => {
  expect(readObject(SCHEMA, { name: 'a', limits: { ratio: 1 }, size }, 'options').problems).toEqual([problem])
})

test('no problem repeats a value', () => {
  const secret = 'hunter2-hunter2'
  const input = { name: [secret], size: secret, mode: secret, tags: secret, limits: secret }
  expect(readObject(SCHEMA, input, 'secret_data').problems.join()).not.toContain(secret)
})

test('a default is not shared between calls', () => {
  const first = readObject(SCHEMA, { name: 'a', limits: { ratio: 1 } }, 'options').value
  if (Array.isArray(first.tags)) first.tags.push('changed')
  expect(readObject(SCHEMA, { name: 'a', limits: { ratio: 1 } }, 'options').value.tags).toEqual(['none'])
})

test('a schema with keywords nobody checks, or a default that does not fit, is refused', () => {
  const schema = {
    type: 'object',
    required: ['ghost'],
    properties: {
      a: { type: 'string', pattern: '^a' },
      b: { type: 'text' },
      c: { type: 'integer', default: 'three' },
      d: { type: 'array', items: { type: 'string', enum: [] } },
    },
  }
  expect(checkSchema(schema, 'options')).toEqual([
    expect.stringMatching(/^options\.properties\.a\.pattern is not a supported keyword/),
    expect.stringMatching(/^options\.properties\.b\.type must be one of/),
    'options.properties.c.default must be an integer, but is a string',
    'options.properties.d.items.enum must be a list of values that is not empty',
    "options.required names 'ghost', which is not among the properties",
  ])
})
