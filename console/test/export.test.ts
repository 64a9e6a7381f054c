import { describe, expect, test } from 'vitest'
import type { Coverage } from '../src/api/coverage-header.ts'
import { nameOfExport, toCsv, toJson } from '../src/features/resources/api/export-rows.ts'
import { findAllResources } from '../src/features/resources/api/use-resources.ts'

const row = (id: string, change: object = {}) => ({
  cloud_service_id: id,
  name: id,
  provider: 'aws',
  cloud_service_group: 'G',
  cloud_service_type: 'T',
  region_code: 'eu-1',
  account: '1',
  state: 'ACTIVE',
  created_at: '',
  updated_at: '',
  ...change,
})

const coverage = (complete_count: number): Coverage => ({
  complete: complete_count === 3,
  complete_count,
  accepted_count: 0,
  complete_or_accepted: complete_count === 3,
  total_count: 3,
  oldest_evidence_at: '',
  incomplete: [],
})

const found = { text: 'type:T', at: '', total: 1, rows: [row('c-1')], coverage: coverage(3) }

describe('what is exported', () => {
  test('opens in a spreadsheet as text, and runs nothing there', () => {
    const odd = row('c-1', { name: '=cmd|"a",1', region_code: 'eu\n1', account: '-1' })
    const [names = '', ...lines] = toCsv([odd]).split('\r\n')
    expect(names).toMatch(/^\uFEFFcloud_service_id,name,/)
    expect(lines.join('|')).toBe(`c-1,"'=cmd|""a"",1",aws,G,T,"eu\n1",'-1,ACTIVE,,|`)
  })

  test.each([
    ['  =1+1', "'  =1+1"],
    ['\u00A0@a', "'\u00A0@a"],
    ['＝1', "'＝1"],
    ['a;=1', `"a;'=1"`],
    ['a\n -1', `"a\n' -1"`],
    ['\tx', `"'\tx"`],
    ['a=1-2', 'a=1-2'],
    ['a;b', '"a;b"'],
  ])('is no formula behind spaces, in wide forms or behind a semicolon: %j', (name, expected) => {
    expect(toCsv([row('c-1', { name })]).split('\r\n')[1]).toBe(`c-1,${expected},aws,G,T,eu-1,1,ACTIVE,,`)
  })

  test.each([
    [{}, 'resources-all-complete-lists.csv'],
    [{ total: 12, coverage: coverage(2) }, 'resources-first-1-of-12-incomplete-lists.csv'],
    [{ coverage: undefined }, 'resources-all-completeness-unknown.csv'],
  ])('says by its name what is missing: %j', (change, name) => {
    expect(nameOfExport({ ...found, ...change }, 'csv')).toBe(name)
  })

  test('says as JSON what was asked, how much of it this is, and how complete', () => {
    expect(JSON.parse(toJson({ ...found, total: 12, coverage: coverage(2) }))).toEqual({
      text: 'type:T',
      as_of: '',
      total_count: 12,
      exported_count: 1,
      completeness: 'incomplete',
      lists: '1 of 3 lists incomplete',
      oldest_evidence_at: '',
      incomplete: [],
      results: found.rows,
    })
  })

  test('holds each resource once, also when the pages moved while they were read', async () => {
    const pages = [[row('c-1'), row('c-2')], [row('c-2')]]
    const api = {
      post: () => Promise.reject(new Error('nothing of the past was asked')),
      ask: async () => JSON.parse(JSON.stringify({ answer: { results: pages.shift(), total_count: 3 } })),
    }
    const wanted = { text: '', at: '', by: '' }
    const { rows, total } = await findAllResources(api, wanted, 10, new AbortController().signal)
    expect({ ids: rows.map(({ cloud_service_id: id }) => id), total }).toEqual({
      ids: ['c-1', 'c-2'],
      total: 3,
    })
  })
})
