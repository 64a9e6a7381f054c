import { expect, test } from 'vitest'
import { DeclarationError } from '../src/errors.ts'
import { definePlugin } from '../src/index.ts'
import { servePlugin } from '../src/server/serve-plugin.ts'

test('every problem of a declaration is reported at once', () => {
  const declaration = {
    name: 'Not A Name',
    version: '1',
    provider: '',
    options: { type: 'string' },
    schedules: ['daily'],
    filters: [
      { key: 'a', name: 'A', type: 'str' },
      { key: 'a', name: 'A', type: 'text' },
    ],
    resourceTypes: {
      one: { group: 'G', type: 'T', isPrimary: 'yes' },
      two: { group: 'G', type: 'T', icon: 'x' },
    },
    get_tasks: () => [],
  }
  const error = thrownBy(declaration)
  expect(error).toBeInstanceOf(DeclarationError)
  expect(error).toMatchObject({
    problems: [
      expect.stringMatching(/^get_tasks is not a known field/),
      expect.stringMatching(/^name must be lowercase letters/),
      expect.stringMatching(/^version must be a version of three numbers/),
      'provider must be a text that is not empty',
      "options.type must be 'object'",
      'schedules[0] must be one of hours, interval, cron',
      'filters[1].type must be one of str, list',
      "filters declares the key 'a' twice",
      'resourceTypes.one.isPrimary must be true or false',
      expect.stringMatching(/^resourceTypes\.two\.icon is not a known field/),
      "resourceTypes declares 'G/T' twice; group and type together must be unique",
      'collect must be a function',
    ],
  })
})

test('a declaration without resource types is refused', () => {
  const minimal = {
    name: 'a',
    version: '1.0.0',
    provider: 'a',
    resourceTypes: {},
    collect: async function* () {},
  }
  expect(thrownBy(minimal)).toMatchObject({
    problems: ['resourceTypes must declare at least one resource type'],
  })
})

test('only what definePlugin returned can be served', async () => {
  const imposter: unknown = { name: 'a', resourceTypes: new Map() }
  await expect(servePlugin(asPlugin(imposter))).rejects.toThrow('it was not made by definePlugin')
})

/** Claims a type that an author who writes JavaScript would not be checked for. */
function asPlugin(value: unknown): Parameters<typeof servePlugin>[0] {
  return value as Parameters<typeof servePlugin>[0]
}

function thrownBy(declaration: object): unknown {
  try {
    definePlugin(declaration as Parameters<typeof definePlugin>[0])
    return undefined
  } catch (error) {
    return error
  }
}
