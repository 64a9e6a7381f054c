import { loadPackage } from '../load-package.ts'
import { consoleLink } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'
import { tagsOf } from '../tags.ts'

export const acm = defineService({
  name: 'acm',
  group: 'CertificateManager',
  label: 'Security',
  serviceCode: 'AWSCertificateManager',
  load: () => loadPackage('@aws-sdk/client-acm'),
  connect: (sdk, config) => new sdk.ACMClient(config),
  kinds: (kind) => ({
    acm_certificate: kind({
      type: 'Certificate',
      isPrimary: true,
      permissions: ['acm:ListCertificates', 'acm:DescribeCertificate', 'acm:ListTagsForCertificate'],
      list: ({ pages, sdk, send }) =>
        pages(
          (NextToken) =>
            send(
              new sdk.ListCertificatesCommand({
                NextToken,
                MaxItems: 1_000,
                // Without this only RSA keys of up to 2048 bits are listed.
                Includes: { keyTypes: Object.values(sdk.KeyAlgorithm) },
              }),
            ),
          (page) => page.NextToken,
          (page) => page.CertificateSummaryList,
        ),
      id: ({ CertificateArn }) => CertificateArn,
      detail: async ({ sdk, send }, { CertificateArn }) => {
        const [{ Certificate }, { Tags }] = await Promise.all([
          send(new sdk.DescribeCertificateCommand({ CertificateArn })),
          send(new sdk.ListTagsForCertificateCommand({ CertificateArn })),
        ])
        return { ...Certificate, Tags }
      },
      fields: ({ CertificateArn, CreatedAt, DomainName, InUseBy = [], Tags, Type }, place) => ({
        name: DomainName,
        tags: tagsOf(Tags),
        launchedAt: CreatedAt,
        instanceType: Type,
        link: consoleLink(place, 'acm/home', `/certificates/${CertificateArn?.split('/').at(-1)}`),
        relations: relationsOf(...InUseBy.map((user) => ['used_by', undefined, user] as const)),
      }),
      unordered: ['InUseBy', 'SubjectAlternativeNames'],
    }),
  }),
})
