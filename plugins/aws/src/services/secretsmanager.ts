import { loadPackage } from '../load-package.ts'
import { consoleLink } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'
import { tagsOf } from '../tags.ts'

/** What secrets there are. None is ever opened. */
export const secretsmanager = defineService({
  name: 'secretsmanager',
  group: 'SecretsManager',
  label: 'Security',
  serviceCode: 'AWSSecretsManager',
  load: () => loadPackage('@aws-sdk/client-secrets-manager'),
  connect: (sdk, config) => new sdk.SecretsManagerClient(config),
  kinds: (kind) => ({
    secretsmanager_secret: kind({
      type: 'Secret',
      isPrimary: true,
      permissions: ['secretsmanager:ListSecrets'],
      list: ({ pages, sdk, send }) =>
        pages(
          (NextToken) => send(new sdk.ListSecretsCommand({ NextToken, MaxResults: 100 })),
          (page) => page.NextToken,
          (page) => page.SecretList,
        ),
      id: ({ ARN }) => ARN,
      fields: ({ CreatedDate, KmsKeyId, Name, RotationLambdaARN, Tags }, place) => ({
        name: Name,
        tags: tagsOf(Tags),
        launchedAt: CreatedDate,
        link: consoleLink(place, `secretsmanager/secret?name=${encodeURIComponent(Name ?? '')}`),
        relations: relationsOf(
          ['encrypted_by', 'kms_key', KmsKeyId],
          ['rotated_by', 'lambda_function', RotationLambdaARN],
        ),
      }),
      omit: ['LastAccessedDate'],
    }),
  }),
})
