import { loadPackage } from '../load-package.ts'
import { consoleLink } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'
import { tagsOf } from '../tags.ts'

/** What S3 calls the first two of its regions by. */
const OLD_NAMES: Readonly<Record<string, string>> = { '': 'us-east-1', EU: 'eu-west-1' }

export const s3 = defineService({
  name: 's3',
  group: 'S3',
  label: 'Storage',
  serviceCode: 'AmazonS3',
  reach: 'spread',
  load: () => loadPackage('@aws-sdk/client-s3'),
  connect: (sdk, config) => new sdk.S3Client({ ...config, followRegionRedirects: true }),
  kinds: (kind) => ({
    s3_bucket: kind({
      type: 'Bucket',
      isPrimary: true,
      isMajor: true,
      permissions: [
        's3:ListAllMyBuckets',
        's3:GetBucketLocation',
        's3:GetBucketTagging',
        's3:GetBucketVersioning',
        's3:GetEncryptionConfiguration',
        's3:GetBucketPublicAccessBlock',
      ],
      list: ({ pages, sdk, send }) =>
        pages(
          (ContinuationToken) => send(new sdk.ListBucketsCommand({ ContinuationToken, MaxBuckets: 1_000 })),
          (page) => page.ContinuationToken,
          (page) => page.Buckets,
        ),
      id: ({ Name }, { partition }) => (Name === undefined ? undefined : `arn:${partition}:s3:::${Name}`),
      detail: async ({ ifAny, sdk, send }, bucket) => {
        const Bucket = { Bucket: bucket.Name }
        // Whether it is still there; what follows may rightly not be there.
        const { LocationConstraint = '' } = await send(new sdk.GetBucketLocationCommand(Bucket))
        const [tagging, versioning, encryption, access] = await Promise.all([
          ifAny(send(new sdk.GetBucketTaggingCommand(Bucket))),
          ifAny(send(new sdk.GetBucketVersioningCommand(Bucket))),
          ifAny(send(new sdk.GetBucketEncryptionCommand(Bucket))),
          ifAny(send(new sdk.GetPublicAccessBlockCommand(Bucket))),
        ])
        return {
          ...bucket,
          BucketRegion: OLD_NAMES[LocationConstraint] ?? LocationConstraint,
          Versioning: { Status: versioning?.Status, MFADelete: versioning?.MFADelete },
          ServerSideEncryptionConfiguration: encryption?.ServerSideEncryptionConfiguration,
          PublicAccessBlockConfiguration: access?.PublicAccessBlockConfiguration,
          Tags: tagging?.TagSet,
        }
      },
      fields: (bucket, place) => ({
        name: bucket.Name,
        tags: tagsOf(bucket.Tags),
        region: bucket.BucketRegion,
        launchedAt: bucket.CreationDate,
        link: consoleLink({ ...place, region: bucket.BucketRegion }, `s3/buckets/${bucket.Name}`),
        relations: relationsOf(
          ...(bucket.ServerSideEncryptionConfiguration?.Rules ?? []).map(
            ({ ApplyServerSideEncryptionByDefault: by }) =>
              ['encrypted_by', 'kms_key', by?.KMSMasterKeyID] as const,
          ),
        ),
      }),
    }),
  }),
})
