import * as iam from '@aws-sdk/client-iam'
import * as kms from '@aws-sdk/client-kms'
import { Tags } from './shared.ts'

export async function makeKey(client: kms.KMSClient) {
  const key = await client.send(
    new kms.CreateKeyCommand({ Description: 'for data', Tags: [{ TagKey: 'team', TagValue: 'web' }] }),
  )
  await client.send(
    new kms.CreateAliasCommand({ AliasName: 'alias/data', TargetKeyId: key.KeyMetadata?.KeyId }),
  )
  return key
}

export async function makeIdentities(client: iam.IAMClient): Promise<void> {
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
  })
  const { Policy } = await client.send(
    new iam.CreatePolicyCommand({ PolicyName: 'read-files', PolicyDocument }),
  )
  await client.send(new iam.CreateGroupCommand({ GroupName: 'readers' }))
  await client.send(new iam.AttachGroupPolicyCommand({ GroupName: 'readers', PolicyArn: Policy?.Arn }))
  await client.send(new iam.CreateUserCommand({ UserName: 'ann', Tags }))
  await client.send(new iam.AddUserToGroupCommand({ UserName: 'ann', GroupName: 'readers' }))
}

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
})

/** The role that everything runs as; its ARN. */
export async function makeRole(client: iam.IAMClient): Promise<string> {
  const { Role } = await client.send(
    new iam.CreateRoleCommand({ RoleName: 'runner', AssumeRolePolicyDocument: TRUST, Tags }),
  )
  return Role?.Arn ?? ''
}
