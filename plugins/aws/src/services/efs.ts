import { loadPackage } from '../load-package.ts'
import { arn, consoleLink } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'
import { tagsOf } from '../tags.ts'

export const efs = defineService({
  name: 'efs',
  group: 'EFS',
  label: 'Storage',
  serviceCode: 'AmazonEFS',
  load: () => loadPackage('@aws-sdk/client-efs'),
  connect: (sdk, config) => new sdk.EFSClient(config),
  kinds: (kind) => ({
    efs_file_system: kind({
      type: 'FileSystem',
      isPrimary: true,
      permissions: ['elasticfilesystem:DescribeFileSystems'],
      list: ({ pages, sdk, send }) =>
        pages(
          (Marker) => send(new sdk.DescribeFileSystemsCommand({ Marker, MaxItems: 100 })),
          (page) => page.NextMarker,
          (page) => page.FileSystems,
        ),
      id: ({ FileSystemArn, FileSystemId }, place) =>
        FileSystemArn ?? arn(place, 'elasticfilesystem', 'file-system/', FileSystemId),
      fields: ({ CreationTime, FileSystemId, KmsKeyId, Name, PerformanceMode, Tags }, place) => ({
        name: Name || FileSystemId,
        tags: tagsOf(Tags),
        launchedAt: CreationTime,
        instanceType: PerformanceMode,
        link: consoleLink(place, 'efs/home', `/file-systems/${FileSystemId}`),
        relations: relationsOf(['encrypted_by', 'kms_key', KmsKeyId]),
      }),
      omit: ['SizeInBytes'],
    }),
  }),
})
