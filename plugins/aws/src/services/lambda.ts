import { loadPackage } from '../load-package.ts'
import { consoleLink } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'

export const lambda = defineService({
  name: 'lambda',
  group: 'Lambda',
  label: 'Compute',
  serviceCode: 'AWSLambda',
  load: () => loadPackage('@aws-sdk/client-lambda'),
  connect: (sdk, config) => new sdk.LambdaClient(config),
  kinds: (kind) => ({
    lambda_function: kind({
      type: 'Function',
      isPrimary: true,
      isMajor: true,
      permissions: ['lambda:ListFunctions', 'lambda:ListTags'],
      list: ({ pages, sdk, send }) =>
        pages(
          (Marker) => send(new sdk.ListFunctionsCommand({ Marker, MaxItems: 50 })),
          (page) => page.NextMarker,
          (page) => page.Functions,
        ),
      id: ({ FunctionArn }) => FunctionArn,
      detail: async ({ sdk, send }, each) => {
        const { Tags } = await send(new sdk.ListTagsCommand({ Resource: each.FunctionArn }))
        return { ...each, Tags }
      },
      fields: (each, place) => ({
        name: each.FunctionName,
        tags: each.Tags,
        instanceType: each.Runtime,
        instanceSize: each.MemorySize,
        link: consoleLink(place, 'lambda/home', `/functions/${each.FunctionName}`),
        relations: relationsOf(
          ['runs_as', 'iam_role', each.Role],
          ['encrypted_by', 'kms_key', each.KMSKeyArn],
          ...(each.Layers ?? []).map(({ Arn }) => ['uses', undefined, Arn] as const),
        ),
      }),
      // People put passwords into variables.
      omit: ['Environment.Variables', 'RevisionId'],
      unordered: ['VpcConfig.SecurityGroupIds', 'VpcConfig.SubnetIds'],
    }),

    lambda_layer: kind({
      type: 'Layer',
      permissions: ['lambda:ListLayers'],
      list: ({ pages, sdk, send }) =>
        pages(
          (Marker) => send(new sdk.ListLayersCommand({ Marker, MaxItems: 50 })),
          (page) => page.NextMarker,
          (page) => page.Layers,
        ),
      id: ({ LayerArn }) => LayerArn,
      fields: ({ LayerName }, place) => ({
        name: LayerName,
        link: consoleLink(place, 'lambda/home', `/layers/${LayerName}`),
      }),
    }),
  }),
})
