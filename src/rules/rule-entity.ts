import {
  type DescMessage,
  fromJson,
  type JsonObject,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf'
import {
  CollectorRuleActionsSchema,
  type CollectorRuleInfoSchema,
  CollectorRuleOptionsSchema,
  ConditionsPolicy,
} from '../gen/spaceone/api/inventory/v1/collector_rule_pb.ts'
import { document, type Entity, enumeration, int, text, timestamp } from '../query/index.ts'

export type CollectorRuleView = MessageInitShape<typeof CollectorRuleInfoSchema>

/** What can be asked about collector rules. */
export const collectorRuleEntity: Entity<CollectorRuleView> = {
  noun: 'collector rule',
  table: 'collector_rule',
  key: 'collector_rule_id',
  fields: {
    collector_rule_id: text('t.collector_rule_id'),
    name: text('t.name'),
    order: int('t.rule_order'),
    conditions: document('t.conditions'),
    conditions_policy: enumeration('t.conditions_policy', ConditionsPolicy),
    actions: document('t.actions', { read: readAs(CollectorRuleActionsSchema) }),
    options: document('t.options', { read: readAs(CollectorRuleOptionsSchema) }),
    tags: document('t.tags', { depth: 1 }),
    rule_type: text('t.rule_type'),
    collector_id: text('t.collector_id'),
    domain_id: text('t.domain_id'),
    created_at: timestamp('t.created_at'),
  },
  keywords: ['collector_rule_id', 'name'],
  // The order in which they are applied: MANAGED stands after CUSTOM in the alphabet.
  sort: [{ key: 'collector_id' }, { key: 'rule_type', desc: true }, { key: 'order' }],
  minimal: ['collector_rule_id', 'name', 'order', 'rule_type', 'collector_id'],
  requestFields: { collector_rule_id: 'collector_rule_id', name: 'name' },
}

// Stored in the names of the contract, so that conditions find them; read as the message they are.
function readAs<S extends DescMessage>(schema: S): (stored: unknown) => MessageShape<S> {
  return (stored) => fromJson(schema, asObject(stored))
}

function asObject(stored: unknown): JsonObject {
  return stored as JsonObject
}
