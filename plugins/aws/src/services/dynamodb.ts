import { loadPackage } from '../load-package.ts'
import { arn, consoleLink } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'
import { tagsOf } from '../tags.ts'

/** Counted anew every six hours, or grown with use. */
const MEASURED = [
  'IndexSizeBytes',
  'ItemCount',
  'ProvisionedThroughput.LastDecreaseDateTime',
  'ProvisionedThroughput.LastIncreaseDateTime',
  'ProvisionedThroughput.NumberOfDecreasesToday',
  'TableSizeBytes',
  'WarmThroughput',
]
/** Parts of a table that are measured as it is. */
const PARTS = [
  'GlobalSecondaryIndexes',
  'LocalSecondaryIndexes',
  'Replicas',
  'Replicas.GlobalSecondaryIndexes',
  'VectorIndexes',
]

export const dynamodb = defineService({
  name: 'dynamodb',
  group: 'DynamoDB',
  label: 'Database',
  serviceCode: 'AmazonDynamoDB',
  load: () => loadPackage('@aws-sdk/client-dynamodb'),
  connect: (sdk, config) => new sdk.DynamoDBClient(config),
  kinds: (kind) => ({
    dynamodb_table: kind({
      type: 'Table',
      isPrimary: true,
      isMajor: true,
      permissions: ['dynamodb:ListTables', 'dynamodb:DescribeTable', 'dynamodb:ListTagsOfResource'],
      list: ({ pages, sdk, send }) =>
        pages(
          (ExclusiveStartTableName) =>
            send(new sdk.ListTablesCommand({ ExclusiveStartTableName, Limit: 100 })),
          (page) => page.LastEvaluatedTableName,
          (page) => page.TableNames?.map((TableName) => ({ TableName })),
        ),
      id: ({ TableName }, place) => arn(place, 'dynamodb', 'table/', TableName),
      detail: async ({ place, sdk, send }, { TableName }) => {
        const { Table } = await send(new sdk.DescribeTableCommand({ TableName }))
        const ResourceArn = arn(place, 'dynamodb', 'table/', TableName)
        const { Tags } = await send(new sdk.ListTagsOfResourceCommand({ ResourceArn }))
        return { ...Table, TableName, Tags }
      },
      fields: (table, place) => ({
        name: table.TableName,
        tags: tagsOf(table.Tags),
        launchedAt: table.CreationDateTime,
        link: consoleLink(place, 'dynamodbv2/home', `table?name=${table.TableName}`),
        relations: relationsOf(['encrypted_by', 'kms_key', table.SSEDescription?.KMSMasterKeyArn]),
      }),
      omit: [
        ...MEASURED,
        ...PARTS.flatMap((part) => MEASURED.map((name) => `${part}.${name}`)),
        'Replicas.ReplicaStatusPercentProgress',
      ],
      unordered: ['AttributeDefinitions', 'GlobalSecondaryIndexes', 'LocalSecondaryIndexes', 'Replicas'],
    }),
  }),
})
