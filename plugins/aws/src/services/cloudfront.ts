import { loadPackage } from '../load-package.ts'
import { consoleLink } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'
import { tagsOf } from '../tags.ts'

export const cloudfront = defineService({
  name: 'cloudfront',
  group: 'CloudFront',
  label: 'Networking',
  serviceCode: 'AmazonCloudFront',
  reach: 'global',
  load: () => loadPackage('@aws-sdk/client-cloudfront'),
  connect: (sdk, config) => new sdk.CloudFrontClient(config),
  kinds: (kind) => ({
    cloudfront_distribution: kind({
      type: 'Distribution',
      isPrimary: true,
      isMajor: true,
      permissions: ['cloudfront:ListDistributions', 'cloudfront:ListTagsForResource'],
      list: ({ pages, sdk, send }) =>
        pages(
          (Marker) => send(new sdk.ListDistributionsCommand({ Marker, MaxItems: 100 })),
          (page) => page.DistributionList?.NextMarker,
          (page) => page.DistributionList?.Items,
        ),
      id: ({ ARN }) => ARN,
      detail: async ({ sdk, send }, distribution) => {
        const { Tags } = await send(new sdk.ListTagsForResourceCommand({ Resource: distribution.ARN }))
        return { ...distribution, Tags: Tags?.Items }
      },
      fields: ({ Aliases, DomainName, Id, Tags, ViewerCertificate }, place) => ({
        name: Aliases?.Items?.[0] ?? DomainName,
        tags: tagsOf(Tags),
        link: consoleLink(place, 'cloudfront/v4/home', `/distributions/${Id}`),
        relations: relationsOf(['certified_by', 'acm_certificate', ViewerCertificate?.ACMCertificateArn]),
      }),
      unordered: ['Aliases.Items', 'Origins.Items'],
    }),
  }),
})
