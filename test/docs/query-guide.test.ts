import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cloudServiceSearchFields } from '../../src/inventory/read/index.ts'
import { OPERATOR_NAMES } from '../../src/query/operators.ts'
import { gleaner } from '../cli/gleaner.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { type Example, examplesIn } from './examples.ts'
import { givenSampleInventory } from './sample-inventory.ts'

const GUIDE = readGuide('query.md')
const HISTORY_GUIDE = readGuide('history.md')
const EXAMPLES = [...examplesIn(GUIDE), ...examplesIn(HISTORY_GUIDE)]

let running: TestApp

beforeAll(async () => {
  running = await startTestApp({
    args: ['--roles', 'api'],
    given: async ({ db }) => {
      await givenSampleInventory(db)
    },
  })
})

afterAll(() => running.stop())

test('every part of the guide has examples', () => {
  const parts = GUIDE.split(/^## /m).map((part) => examplesIn(part).length)
  expect(parts).not.toContain(0)
})

function readGuide(name: string): string {
  return readFileSync(join(import.meta.dirname, `../../docs/guide/${name}`), 'utf8')
}

test.each(EXAMPLES)('line $line of its guide answers as it says', async (example) => {
  const { shown } = example
  if (example.kind === 'command') expect(await output(example)).toBe(shown)
  else expect(await answer(example)).toEqual(JSON.parse(shown))
})

test('the guide names every operator and every name of the search box', () => {
  const names = [...OPERATOR_NAMES, ...Object.keys(cloudServiceSearchFields).filter((name) => name !== 'tag')]
  expect(names.filter((name) => !GUIDE.includes(`\`${name}\``))).toEqual([])
})

test.each(termsOfTable())('the search box reads %s', async (term) => {
  const { code, notices } = await gleaner(running.url, ['search', term])
  expect([code, notices]).toEqual([0, ''])
})

// The first column of the table of terms, all that stands there in code.
function termsOfTable(): readonly string[] {
  const [, table = ''] = GUIDE.split('| term | finds |\n|---|---|\n')
  const rows = table.slice(0, table.indexOf('\n\n')).split('\n')
  return rows.flatMap((row) =>
    [...(row.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, term = '']) => term),
  )
}

async function output({ args }: Extract<Example, { kind: 'command' }>): Promise<string> {
  const { out, notices } = await gleaner(running.url, args)
  return out + notices
}

async function answer({ path, body }: Extract<Example, { kind: 'request' }>): Promise<unknown> {
  const response = await fetch(running.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  return response.json()
}
