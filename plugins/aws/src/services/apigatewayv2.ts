import { loadPackage } from '../load-package.ts'
import { consoleLink } from '../place.ts'
import { defineService } from '../service.ts'

export const apigatewayv2 = defineService({
  name: 'apigatewayv2',
  group: 'APIGateway',
  label: 'Networking',
  serviceCode: 'AmazonApiGateway',
  load: () => loadPackage('@aws-sdk/client-apigatewayv2'),
  connect: (sdk, config) => new sdk.ApiGatewayV2Client(config),
  kinds: (kind) => ({
    apigateway_http_api: kind({
      type: 'HTTPAPI',
      isPrimary: true,
      permissions: ['apigateway:GET'],
      list: ({ pages, sdk, send }) =>
        pages(
          (NextToken) => send(new sdk.GetApisCommand({ NextToken, MaxResults: '500' })),
          (page) => page.NextToken,
          (page) => page.Items,
        ),
      id: ({ ApiId }, { partition, region }) =>
        ApiId === undefined ? undefined : `arn:${partition}:apigateway:${region}::/apis/${ApiId}`,
      fields: ({ ApiId, CreatedDate, Name, ProtocolType, Tags }, place) => ({
        name: Name,
        tags: Tags,
        launchedAt: CreatedDate,
        instanceType: ProtocolType,
        link: consoleLink(place, `apigateway/main/api-detail?api=${ApiId}`),
      }),
    }),
  }),
})
