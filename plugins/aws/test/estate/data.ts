import * as dynamodb from '@aws-sdk/client-dynamodb'
import * as efs from '@aws-sdk/client-efs'
import * as elasticache from '@aws-sdk/client-elasticache'
import * as rds from '@aws-sdk/client-rds'
import * as s3 from '@aws-sdk/client-s3'
import { type At, Tags } from './shared.ts'

export async function makeStorage(at: At, region: string, keyArn: string): Promise<void> {
  const client = new s3.S3Client(at)
  const Bucket = `files-${region}`
  const LocationConstraint = region as s3.BucketLocationConstraint
  await client.send(
    new s3.CreateBucketCommand(
      region === 'us-east-1' ? { Bucket } : { Bucket, CreateBucketConfiguration: { LocationConstraint } },
    ),
  )
  await client.send(new s3.PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: Tags } }))
  await client.send(
    new s3.PutBucketEncryptionCommand({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn } }],
      },
    }),
  )
  await new efs.EFSClient(at).send(new efs.CreateFileSystemCommand({ CreationToken: 'home', Tags }))
}

export async function makeDatabases(at: At, SubnetIds: string[]): Promise<void> {
  const client = new rds.RDSClient(at)
  await client.send(
    new rds.CreateDBSubnetGroupCommand({
      DBSubnetGroupName: 'private',
      DBSubnetGroupDescription: 'private',
      SubnetIds,
    }),
  )
  await client.send(
    new rds.CreateDBInstanceCommand({
      DBInstanceIdentifier: 'orders',
      DBInstanceClass: 'db.t3.micro',
      Engine: 'postgres',
      AllocatedStorage: 20,
      MasterUsername: 'admin',
      MasterUserPassword: 'needle-4713-needle',
      Tags,
    }),
  )
  await client.send(
    new rds.CreateDBSnapshotCommand({ DBInstanceIdentifier: 'orders', DBSnapshotIdentifier: 'orders-1' }),
  )
  await client.send(
    new rds.CreateDBClusterCommand({
      DBClusterIdentifier: 'shop',
      Engine: 'aurora-postgresql',
      MasterUsername: 'admin',
      MasterUserPassword: 'needle-4713-needle',
    }),
  )
  await client.send(
    new rds.CreateDBClusterSnapshotCommand({
      DBClusterIdentifier: 'shop',
      DBClusterSnapshotIdentifier: 'shop-1',
    }),
  )
  await new dynamodb.DynamoDBClient(at).send(
    new dynamodb.CreateTableCommand({
      TableName: 'carts',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      Tags,
    }),
  )
  const caches = new elasticache.ElastiCacheClient(at)
  for (const [CacheClusterId, Engine] of [
    ['sessions', 'redis'],
    ['pages', 'memcached'],
  ])
    await caches.send(
      new elasticache.CreateCacheClusterCommand({
        CacheClusterId,
        Engine,
        NumCacheNodes: 1,
        CacheNodeType: 'cache.t3.micro',
        Tags,
      }),
    )
  await caches.send(
    new elasticache.CreateReplicationGroupCommand({
      ReplicationGroupId: 'live',
      ReplicationGroupDescription: 'live',
      Engine: 'redis',
    }),
  )
}
