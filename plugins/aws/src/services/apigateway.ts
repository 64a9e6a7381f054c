import { loadPackage } from '../load-package.ts'
import { consoleLink } from '../place.ts'
import { defineService } from '../service.ts'

export const apigateway = defineService({
  name: 'apigateway',
  group: 'APIGateway',
  label: 'Networking',
  serviceCode: 'AmazonApiGateway',
  load: () => loadPackage('@aws-sdk/client-api-gateway'),
  connect: (sdk, config) => new sdk.APIGatewayClient(config),
  kinds: (kind) => ({
    apigateway_rest_api: kind({
      type: 'API',
      isPrimary: true,
      permissions: ['apigateway:GET'],
      list: ({ pages, sdk, send }) =>
        pages(
          (position) => send(new sdk.GetRestApisCommand({ position, limit: 500 })),
          (page) => page.position,
          (page) => page.items,
        ),
      id: ({ id }, { partition, region }) =>
        id === undefined ? undefined : `arn:${partition}:apigateway:${region}::/restapis/${id}`,
      fields: ({ createdDate, id, name, tags }, place) => ({
        name,
        tags,
        launchedAt: createdDate,
        link: consoleLink(place, `apigateway/main/apis/${id}/resources?api=${id}`),
      }),
      omit: ['policy'],
    }),
  }),
})
