import { expect, test } from 'vitest'
import { isGrantable } from '../../src/plan/grantable.ts'
import { permissionsFor } from '../../src/plan/permissions.ts'
import { policiesFor } from '../../src/plan/policy.ts'
import { RESOURCES_OF_ACTIONS } from '../../src/plan/resources-of-actions.ts'
import { knownCatalog } from '../../src/wide/open-catalog.ts'
import { withDefaults } from './support.ts'

type Statement = { readonly Effect: string; readonly Action: string[]; readonly Resource: string | string[] }

function policiesOf(options: Parameters<typeof withDefaults>[0], roles: readonly string[] = []) {
  const all = withDefaults(options)
  const permissions = permissionsFor(all, knownCatalog(all))
  const policies = policiesFor({ ...permissions, partition: 'aws', roles })
  const statements = policies.flatMap(({ Statement }) => statementsIn(Statement))
  return { permissions, policies, statements, actions: statements.flatMap(({ Action }) => Action) }
}

/** Claims that a policy holds statements, which the first test looks at closely. */
function statementsIn(value: unknown): Statement[] {
  return value as Statement[]
}

test('one service takes the policy that a person would write', () => {
  expect(policiesOf({ services: ['sns'] }).policies).toEqual([
    {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['ec2:DescribeRegions', 'sns:ListTopics', 'sts:GetCallerIdentity'],
          Resource: '*',
        },
        {
          Effect: 'Allow',
          Action: ['sns:GetTopicAttributes', 'sns:ListTagsForResource'],
          Resource: 'arn:aws:sns:*:*:*',
        },
      ],
    },
  ])
})

test('roles that are assumed are named, and the organization is asked', () => {
  const role = 'arn:aws:iam::111122223333:role/Reader'
  const { actions, statements } = policiesOf({ services: ['sns'], organization: true }, [role, role])
  expect(statements).toContainEqual({ Effect: 'Allow', Action: ['sts:AssumeRole'], Resource: role })
  expect(actions).toContain('organizations:ListAccountsForParent')
})

test('all services with modules fit into one policy; each permission is there once, in order', () => {
  const { actions, permissions, policies, statements } = policiesOf({ wide: false })
  expect(policies).toHaveLength(1)
  expect(actions.toSorted()).toEqual([...permissions.deep])
  for (const { Action } of statements) expect(Action).toEqual(Action.toSorted())
})

test('the wide path takes several policies, each within what AWS takes, and narrows nothing that handlers need', () => {
  const { actions, permissions, policies, statements } = policiesOf({})
  expect(policies.length).toBeGreaterThan(10)
  for (const policy of policies) expect(JSON.stringify(policy).length).toBeLessThanOrEqual(6_144)
  expect(new Set(actions).size).toBe(actions.length)
  expect(actions.toSorted()).toEqual([...new Set([...permissions.deep, ...permissions.wide])].toSorted())
  const about = (action: string) => statements.find(({ Action }) => Action.includes(action))?.Resource
  const shared = permissions.wide.filter((action) => Object.hasOwn(RESOURCES_OF_ACTIONS, action))
  expect(shared.length).toBeGreaterThan(10)
  for (const action of shared) expect(about(action), action).toBe('*')
})

test('nobody who reads is granted what changes something or opens a secret', () => {
  const { actions, permissions } = policiesOf({})
  const tempting = ['secretsmanager:GetSecretValue', 'kms:Decrypt', 'kms:ScheduleKeyDeletion', 'iam:PassRole']
  expect(permissions.leftOut).toEqual(expect.arrayContaining(tempting))
  for (const action of tempting) expect(actions).not.toContain(action)
  expect(actions.filter((action) => /:(Create|Delete|Put|Update|Start|Stop|Tag|Untag)/.test(action))).toEqual(
    [],
  )
})

test.each([
  ['ec2:DescribeInstances', true],
  ['codestar-notifications:listNotificationRules', true],
  ['apigateway:GET', true],
  ['ssm:GetParameter', false],
  ['ssm:GetParametersByPath', false],
  ['ssm:DescribeParameters', true],
  ['s3:GetObject', false],
  ['s3:GetObjectAcl', true],
  ['dynamodb:BatchGetItem', false],
  ['dynamodb:Query', false],
])('%s: granted %s', (action, isGranted) => {
  expect(isGrantable(action)).toBe(isGranted)
})
