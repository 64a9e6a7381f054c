import { expect, test } from 'vitest'
import { KINDS } from '../../src/services/index.ts'
import { coveredBy, TYPES_OF_KINDS } from '../../src/wide/covered.ts'
import { loadWideData } from '../../src/wide/load-data.ts'

/** Kinds that Cloud Control knows under no type of their own. */
const ALONE = ['ec2_snapshot', 'ec2_image', 'rds_cluster_snapshot']

test('every kind with a module of its own names the types that it reads, so that nothing is reported twice', () => {
  const unnamed = Object.keys(KINDS).filter((name) => TYPES_OF_KINDS[name] === undefined)
  expect(unnamed.filter((name) => !ALONE.includes(name))).toEqual([])
  const covered = Object.keys(loadWideData().types).filter((name) => coveredBy(KINDS)(name) !== undefined)
  expect(covered).toEqual(
    expect.arrayContaining(['AWS::EC2::Instance', 'AWS::S3::Bucket', 'AWS::Neptune::DBCluster']),
  )
  expect(covered).not.toContain('AWS::Glue::Job')
})
