import { expect } from 'vitest'
import { casesOf } from '../case.ts'
import type { World } from '../world.ts'

const SERVICE = 'gleaner.v1.Audit'
const { answers, refuses } = casesOf(SERVICE)
const CREATE_PROJECT = 'spaceone.api.identity.v1.Project.create'

export const AUDIT_CASES = [
  answers(
    'list',
    'what was done to one project',
    async (world) => {
      const { domain_id, project_id } = await world.project()
      return { domain_id, id: project_id, method: CREATE_PROJECT, query: { page: { limit: 5 } } }
    },
    {
      total_count: 1,
      results: [
        {
          method: CREATE_PROJECT,
          role: 'SYSTEM',
          api_key_id: expect.stringMatching(/^api-key-/),
          request_id: expect.stringMatching(/^req-/),
          hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      ],
    },
  ),
  answers(
    'list',
    'what a key has never done',
    async ({ domain_id }) => ({ domain_id, api_key_id: 'api-key-ffffffffffff' }),
    { total_count: 0, results: [] },
  ),
  answers(
    'verify',
    'the chain of a domain, and an end of it that was kept',
    async (world: World) => {
      const { domain_id } = await world.project()
      const { head } = await world.given(`${SERVICE}.verify`, { domain_id })
      return { domain_id, head: String(head) }
    },
    {
      valid: true,
      holds_head: true,
      breaks: [],
      break_count: '0',
      head: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  ),
  answers('verify', 'the chain of what belongs to no domain', async () => ({}), { valid: true }),
  answers(
    'verify',
    'an end that was kept of another chain',
    async ({ domain_id }) => ({ domain_id, head: 'ab'.repeat(32) }),
    { valid: false, holds_head: false, breaks: [] },
  ),
  refuses('verify', 'something else than a hash', async ({ domain_id }) => ({ domain_id, head: 'abc' }), [
    'invalid',
    'ERROR_INVALID_PARAMETER',
    "'head'",
  ]),
]
