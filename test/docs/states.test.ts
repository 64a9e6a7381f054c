import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { JOB_MOVES, OVERLAP_POLICIES, TASK_MOVES } from '../../src/jobs/index.ts'
import { drawMoves } from './state-diagrams.ts'

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/reference/states.md'), 'utf8')

test.each([
  ['job', drawMoves(JOB_MOVES, ['CREATED', 'IN_PROGRESS'])],
  ['job task', drawMoves(TASK_MOVES, ['PENDING'])],
])('the diagram of a %s is the table of legal moves that the statements are guarded by', (_, diagram) => {
  expect(PAGE).toContain(diagram)
})

test('every status and every overlap policy is explained', () => {
  const words = [...Object.keys(JOB_MOVES), ...Object.keys(TASK_MOVES), ...OVERLAP_POLICIES]
  expect(words.filter((word) => !PAGE.includes(`| ${word} |`))).toEqual([])
})
