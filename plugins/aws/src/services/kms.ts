import type { Api } from '../api.ts'
import { loadPackage } from '../load-package.ts'
import { consoleLink } from '../place.ts'
import { defineService } from '../service.ts'

type Kms = typeof import('@aws-sdk/client-kms')

export const kms = defineService({
  name: 'kms',
  group: 'KMS',
  label: 'Security',
  serviceCode: 'awskms',
  load: () => loadPackage('@aws-sdk/client-kms'),
  connect: (sdk, config) => new sdk.KMSClient(config),
  kinds: (kind) => ({
    kms_key: kind({
      type: 'Key',
      isPrimary: true,
      permissions: ['kms:ListKeys', 'kms:ListAliases', 'kms:DescribeKey', 'kms:ListResourceTags'],
      list: (api) => listKeys(api),
      id: ({ KeyArn }) => KeyArn,
      // A key's own policy may let nobody look.
      detail: async ({ sdk, send }, { Aliases, KeyId }) => {
        const { KeyMetadata } = await send(new sdk.DescribeKeyCommand({ KeyId }))
        const isOfAws = KeyMetadata?.KeyManager === 'AWS'
        const tags = isOfAws ? undefined : await send(new sdk.ListResourceTagsCommand({ KeyId }))
        return { ...KeyMetadata, Aliases, Tags: tags?.Tags }
      },
      fields: ({ Aliases, CreationDate, KeyId, KeySpec, Tags = [] }, place) => ({
        name: Aliases[0] ?? KeyId,
        tags: Object.fromEntries(
          Tags.flatMap(({ TagKey, TagValue = '' }) => (TagKey === undefined ? [] : [[TagKey, TagValue]])),
        ),
        launchedAt: CreationDate,
        instanceType: KeySpec,
        link: consoleLink(place, 'kms/home', `/kms/keys/${KeyId}`),
      }),
    }),
  }),
})

/** Keys with the names that people know them by. */
async function* listKeys({ pages, sdk, send }: Api<Kms>) {
  const aliases = new Map<string, string[]>()
  const listed = pages(
    (Marker) => send(new sdk.ListAliasesCommand({ Marker, Limit: 100 })),
    (page) => page.NextMarker,
    (page) => page.Aliases,
  )
  for await (const page of listed)
    for (const { AliasName, TargetKeyId } of page)
      if (AliasName !== undefined && TargetKeyId !== undefined)
        aliases.set(TargetKeyId, [...(aliases.get(TargetKeyId) ?? []), AliasName].toSorted())
  const keys = pages(
    (Marker) => send(new sdk.ListKeysCommand({ Marker, Limit: 1_000 })),
    (page) => page.NextMarker,
    (page) => page.Keys,
  )
  for await (const page of keys)
    yield page.map((key) => ({ ...key, Aliases: aliases.get(key.KeyId ?? '') ?? [] }))
}
