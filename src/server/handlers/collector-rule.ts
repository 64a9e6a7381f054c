import type { JsonObject } from '@bufbuild/protobuf'
import { InvalidParameter } from '../../core/errors.ts'
import {
  CollectorRule,
  CreateCollectorRuleRequestSchema,
  UpdateCollectorRuleRequestSchema,
} from '../../gen/spaceone/api/inventory/v1/collector_rule_pb.ts'
import { requestEquals } from '../../query/index.ts'
import {
  changeRuleOrder,
  collectorRuleEntity,
  createRule,
  deleteRule,
  getRule,
  listRules,
  updateRule,
} from '../../rules/index.ts'
import { givenFields } from '../given-fields.ts'
import { implementService, READ, WRITE } from '../method.ts'
import { answerStat } from './stat.ts'

export const collectorRuleService = implementService(CollectorRule, {
  create: {
    access: WRITE,
    handle: ({ ctx, domainId, request, has }) => {
      const content = toContent(givenFields(CreateCollectorRuleRequestSchema, request, has))
      return createRule(ctx, { domainId, collectorId: request.collectorId, content })
    },
  },
  update: {
    access: WRITE,
    handle: ({ ctx, domainId, request, has }) => {
      const content = toContent(givenFields(UpdateCollectorRuleRequestSchema, request, has))
      return updateRule(ctx, { domainId, collectorRuleId: request.collectorRuleId, content })
    },
  },
  change_order: {
    access: WRITE,
    handle: ({ ctx, domainId, request: { collectorRuleId, order } }) =>
      changeRuleOrder(ctx, { domainId, collectorRuleId, order }),
  },
  delete: {
    access: WRITE,
    async handle({ ctx, domainId, request: { collectorRuleId } }) {
      await deleteRule(ctx, { domainId, collectorRuleId })
      return {}
    },
  },
  get: {
    access: READ,
    handle: ({ ctx, domainId, request: { collectorRuleId, only } }) =>
      getRule(ctx, { domainId, collectorRuleId, only }),
  },
  list: {
    access: READ,
    async handle({ ctx, domainId, request, has }) {
      if (request.dataSourceId !== '') throw noDataSources()
      const equals = requestEquals(collectorRuleEntity, request, has)
      const page = await listRules(ctx, { domainId, query: request.query, equals })
      return { results: [...page.rows], totalCount: page.totalCount }
    },
  },
  stat: { access: READ, handle: (call) => answerStat(call, collectorRuleEntity) },
})

// NONE is how an enum says nothing.
function toContent({ conditions_policy: policy, ...given }: JsonObject): JsonObject {
  return policy === undefined || policy === 'NONE' ? given : { ...given, conditions_policy: policy }
}

function noDataSources(): InvalidParameter {
  const reason = 'data sources belong to cost analysis, and no rule here has one. Leave it empty'
  return new InvalidParameter('data_source_id', reason)
}
