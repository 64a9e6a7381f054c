import { afterAll, expect, test } from 'vitest'
import { changeRuleOrder, createRule, deleteRule, listRules } from '../../src/rules/index.ts'
import { Random } from '../inventory/decode/support/random.ts'
import { openWorkshop } from '../jobs/support.ts'

const workshop = await openWorkshop()
const { context, givenCollector } = workshop
afterAll(workshop.close)

const content = { conditions_policy: 'ALWAYS', actions: { add_additional_info: { a: 1 } } }

test('after any moves and deletions places are 1, 2, 3 … in the order people would expect', async () => {
  const { domainId, collectorId } = await givenCollector()
  const expected: string[] = []
  const random = new Random(7)
  for (let step = 0; step < 40; step++) {
    const id = expected[random.below(expected.length || 1)]
    if (id === undefined || random.chance(0.4)) {
      const { collectorRuleId = '' } = await createRule(context(), { domainId, collectorId, content })
      expected.push(collectorRuleId)
    } else if (random.chance(0.3)) {
      await deleteRule(context(), { domainId, collectorRuleId: id })
      expected.splice(expected.indexOf(id), 1)
    } else {
      const order = 1 + random.below(expected.length)
      await changeRuleOrder(context(), { domainId, collectorRuleId: id, order })
      expected.splice(expected.indexOf(id), 1)
      expected.splice(order - 1, 0, id)
    }
    const { rows } = await listRules(context(), { domainId })
    expect(rows.map((rule) => [rule.order, rule.collectorRuleId])).toEqual(
      expected.map((each, at) => [at + 1, each]),
    )
  }
})

test('rules that are written at the same moment get different places', async () => {
  const { domainId, collectorId } = await givenCollector()
  await Promise.all(
    Array.from({ length: 8 }, () => createRule(context(), { domainId, collectorId, content })),
  )
  const { rows } = await listRules(context(), { domainId })
  expect(rows.map(({ order }) => order)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
})

test('what the plugin brings cannot be changed, moved or deleted', async () => {
  const { domainId } = await givenCollector({ init: () => ({ collector_rules: [content] }) })
  const { rows } = await listRules(context(), { domainId })
  const key = { domainId, collectorRuleId: rows[0]?.collectorRuleId ?? '' }
  const refused = { kind: 'failed_precondition' }
  await expect(deleteRule(context(), key)).rejects.toMatchObject({
    ...refused,
    code: 'ERROR_NOT_ALLOWED_TO_DELETE_RULE',
  })
  await expect(changeRuleOrder(context(), { ...key, order: 1 })).rejects.toMatchObject({
    ...refused,
    code: 'ERROR_NOT_ALLOWED_TO_CHANGE_ORDER',
  })
})
