import { expect, test } from 'vitest'
import { type FirstInventory, firstInventory } from '../../../src/cli/output/first-inventory.ts'
import { textWidth } from '../../../src/core/text-width.ts'

const kind = (group: string, type: string, count: number, examples: readonly string[]) => ({
  provider: 'host',
  group,
  type,
  count,
  examples,
})

const INVENTORY: FirstInventory = {
  total: 1399,
  kinds: [
    kind('Software', 'Package', 1398, ['adduser', 'apt', '\u001b[31mbash']),
    kind('Compute', 'Server', 1, ['build-host']),
  ],
  job: { status: 'SUCCESS', errors: [] },
  seconds: 2.14,
  addresses: { http: 'http://127.0.0.1:8080', grpc: '127.0.0.1:50051' },
  domainId: 'domain-000000000001',
  columns: 80,
}

const render = (change: Partial<FirstInventory> = {}) => firstInventory({ ...INVENTORY, ...change })

test('a first inventory says what was found and where to look', () => {
  const text = render()
  expect(text).toContain('Found 1,399 resources of 2 kinds on this machine, 2.1 s after the start.\n')
  expect(text).toContain('Software/Package  1,398  adduser, apt, \\x1b[31mbash, …\n')
  expect(text).toContain('Compute/Server        1  build-host\n')
  expect(text).toContain('Console   http://127.0.0.1:8080\n')
  expect(text).toContain('API docs  http://127.0.0.1:8080/docs\n')
  expect(text).toContain('  npx gleaner resources\n')
  expect(text).not.toContain('ended as')
})

test('the curl line is a request that the API understands', () => {
  const body = /-d '(.*)'/.exec(render())?.[1] ?? ''
  expect(JSON.parse(body)).toEqual({ domain_id: 'domain-000000000001', query: { page: { limit: 3 } } })
})

test('a later start shows what is there, an empty inventory shows no table', () => {
  expect(render({ job: undefined })).toContain('The inventory holds 1,399 resources of 2 kinds.')
  const empty = render({ job: undefined, total: 0, kinds: [] })
  expect(empty).toContain('The inventory is empty.')
  expect(empty).not.toContain('KIND')
})

test('a collection that ended badly says so and why, safely', () => {
  const text = render({ job: { status: 'ERROR', errors: ["the plugin died\u001b[2J: 'host' ended with 1"] } })
  expect(text).toContain('ended as ERROR: what is shown is right, but more may exist.')
  expect(text).toContain("  the plugin died\\x1b[2J: 'host' ended with 1\n")
})

test('another address is part of every line and command', () => {
  const text = render({ addresses: { http: 'https://gleaner.example:9090', grpc: 'gleaner.example:1' } })
  expect(text).toContain('GLEANER_URL=https://gleaner.example:9090 npx gleaner resources\n')
  expect(text).toContain('Console   https://gleaner.example:9090\n')
  expect(text).toContain('gRPC      gleaner.example:1\n')
  expect(text).toContain('curl -s https://gleaner.example:9090/inventory/')
  expect(text).not.toContain('127.0.0.1')
})

test('a process without an API names no addresses', () => {
  expect(render({ addresses: undefined })).not.toMatch(/http|npx gleaner collect/)
})

test('the table keeps to the width of the terminal and to a screen', () => {
  const kinds = Array.from({ length: 20 }, (_, at) => kind('Some', `Kind${at}`, 5, ['a'.repeat(90)]))
  const lines = render({ kinds, columns: 60 }).split('\n')
  const table = lines.filter((line) => line.startsWith('Some/'))
  expect(table).toHaveLength(15)
  expect(Math.max(...table.map(textWidth))).toBe(60)
  expect(lines).toContain('and 5 more kinds: npx gleaner status')
})
