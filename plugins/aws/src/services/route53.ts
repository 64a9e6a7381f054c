import { loadPackage } from '../load-package.ts'
import { consoleLink } from '../place.ts'
import { defineService } from '../service.ts'
import { tagsOf } from '../tags.ts'

export const route53 = defineService({
  name: 'route53',
  group: 'Route53',
  label: 'Networking',
  serviceCode: 'AmazonRoute53',
  reach: 'global',
  load: () => loadPackage('@aws-sdk/client-route-53'),
  connect: (sdk, config) => new sdk.Route53Client(config),
  kinds: (kind) => ({
    route53_hosted_zone: kind({
      type: 'HostedZone',
      isPrimary: true,
      permissions: ['route53:ListHostedZones', 'route53:ListTagsForResource'],
      list: ({ pages, sdk, send }) =>
        pages(
          (Marker) => send(new sdk.ListHostedZonesCommand({ Marker, MaxItems: 100 })),
          (page) => (page.IsTruncated ? page.NextMarker : undefined),
          (page) => page.HostedZones?.map((zone) => ({ ...zone, Id: zone.Id?.replace('/hostedzone/', '') })),
        ),
      id: ({ Id }, { partition }) => (Id ? `arn:${partition}:route53:::hostedzone/${Id}` : undefined),
      detail: async ({ sdk, send }, zone) => {
        const of = { ResourceType: 'hostedzone', ResourceId: zone.Id } as const
        const { ResourceTagSet } = await send(new sdk.ListTagsForResourceCommand(of))
        return { ...zone, Tags: ResourceTagSet?.Tags }
      },
      fields: ({ Config, Id, Name, Tags }, place) => ({
        name: Name,
        tags: tagsOf(Tags),
        instanceType: Config?.PrivateZone ? 'private' : 'public',
        link: consoleLink(place, 'route53/v2/hostedzones', `ListRecordSets/${Id}`),
      }),
    }),
  }),
})
