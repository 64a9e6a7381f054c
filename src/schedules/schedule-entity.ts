import type { MessageInitShape } from '@bufbuild/protobuf'
import { collectorEntity } from '../collectors/index.ts'
import type { ScheduleInfoSchema } from '../gen/spaceone/api/inventory/v1/collector_pb.ts'
import { document, type Entity, type Field, int, object, text, timestamp } from '../query/index.ts'

export type ScheduleView = MessageInitShape<typeof ScheduleInfoSchema>

/** What can be asked about schedules, the collector they run included. */
export const scheduleEntity: Entity<ScheduleView> = {
  noun: 'schedule',
  // The collector's row as one value: its fields are read as the collector's own declaration reads them.
  table: `(select s.*, c as collector from schedule s
             join collector c on c.domain_id = s.domain_id and c.collector_id = s.collector_id)`,
  key: 'schedule_id',
  fields: {
    domain_id: text('t.domain_id'),
    schedule_id: text('t.schedule_id'),
    name: text('t.name'),
    collect_mode: text('t.collect_mode'),
    schedule: object({
      cron: text('t.cron'),
      interval: int('t.interval_s'),
      minutes: document('to_jsonb(t.minutes)'),
      hours: document('to_jsonb(t.hours)'),
    }),
    created_at: timestamp('t.created_at'),
    last_scheduled_at: timestamp('t.last_scheduled_at', { nullable: true }),
    collector_info: object(ofCollector(collectorEntity.fields)),
    filter: document('t.filter'),
  },
  keywords: ['schedule_id', 'name'],
  sort: [{ key: 'name' }],
  minimal: ['schedule_id', 'name', 'collect_mode', 'schedule'],
  requestFields: { collector_id: 'collector_info.collector_id', schedule_id: 'schedule_id' },
}

function ofCollector(fields: Readonly<Record<string, Field>>): Readonly<Record<string, Field>> {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, inCollector(field)]))
}

function inCollector(field: Field): Field {
  if (field.kind === 'object') return { ...field, fields: ofCollector(field.fields) }
  if (field.kind === 'collection')
    throw new Error('a collector is read within a schedule, which has no lists')
  return { ...field, sql: field.sql.replaceAll(/\bt\./g, '(t.collector).') }
}
