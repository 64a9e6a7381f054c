import { loadPackage } from '../load-package.ts'
import { consoleLink } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'
import { tagsOf } from '../tags.ts'

export const ecr = defineService({
  name: 'ecr',
  group: 'ECR',
  label: 'Container',
  serviceCode: 'AmazonECR',
  load: () => loadPackage('@aws-sdk/client-ecr'),
  connect: (sdk, config) => new sdk.ECRClient(config),
  kinds: (kind) => ({
    ecr_repository: kind({
      type: 'Repository',
      isPrimary: true,
      permissions: ['ecr:DescribeRepositories', 'ecr:ListTagsForResource'],
      list: ({ pages, sdk, send }) =>
        pages(
          (nextToken) => send(new sdk.DescribeRepositoriesCommand({ nextToken, maxResults: 1_000 })),
          (page) => page.nextToken,
          (page) => page.repositories,
        ),
      id: ({ repositoryArn }) => repositoryArn,
      detail: async ({ sdk, send }, repository) => {
        const resourceArn = repository.repositoryArn
        return { ...repository, ...(await send(new sdk.ListTagsForResourceCommand({ resourceArn }))) }
      },
      fields: ({ createdAt, encryptionConfiguration, registryId, repositoryName, tags }, place) => ({
        name: repositoryName,
        tags: tagsOf(tags),
        launchedAt: createdAt,
        link: consoleLink(place, `ecr/repositories/private/${registryId}/${repositoryName}`),
        relations: relationsOf(['encrypted_by', 'kms_key', encryptionConfiguration?.kmsKey]),
      }),
    }),
  }),
})
