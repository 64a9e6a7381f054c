import { expect, test } from 'vitest'
import { collectorEntity } from '../../../src/collectors/index.ts'
import {
  CollectorInfoSchema,
  JobInfoSchema,
} from '../../../src/gen/spaceone/api/inventory/v1/collector_pb.ts'
import { JobTaskInfoSchema } from '../../../src/gen/spaceone/api/inventory/v1/job_task_pb.ts'
import { jobEntity, jobTaskEntity } from '../../../src/jobs/index.ts'
import type { Entity } from '../../../src/query/index.ts'

test.each([
  [collectorEntity, CollectorInfoSchema],
  [jobEntity, JobInfoSchema],
  [jobTaskEntity, JobTaskInfoSchema],
] as const)('the declaration of a $noun has the fields of its message and no others', (entity, schema) => {
  expect(Object.keys(entity.fields).toSorted()).toEqual(schema.fields.map(({ name }) => name).toSorted())
})

test.each([collectorEntity, jobEntity, jobTaskEntity] as readonly Entity<object>[])(
  'keywords, order, minimal and request fields of a $noun exist',
  ({ fields, keywords, minimal, requestFields, sort }) => {
    const paths = [...keywords, ...minimal, ...sort.map(({ key }) => key), ...Object.values(requestFields)]
    for (const path of paths) expect(Object.keys(fields), path).toContain(path.split('.')[0])
  },
)
