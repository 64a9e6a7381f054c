import { type CloudServiceFields, type Relation, withoutSecretFlags } from '@gleaner/sdk'
import { asList, asTexts, type Labels, withoutSecretValues } from './fields.ts'

/** Of a container as it is inspected, what is read. */
export type Container = {
  readonly Id: string
  readonly Name: string
  readonly Created: string
  readonly Image: string
  readonly State?: { readonly Status?: string }
  readonly Config?: {
    readonly Image?: string
    readonly Env?: readonly string[] | null
    readonly Cmd?: readonly string[] | string | null
    readonly Entrypoint?: readonly string[] | string | null
    readonly Labels?: Labels | null
    readonly User?: string
    readonly WorkingDir?: string
  }
  readonly HostConfig?: {
    readonly RestartPolicy?: { readonly Name?: string }
    readonly NetworkMode?: string
    readonly Privileged?: boolean
    readonly ReadonlyRootfs?: boolean
    readonly Memory?: number
    readonly NanoCpus?: number
    readonly CapAdd?: readonly string[] | null
    readonly PortBindings?: Readonly<
      Record<string, readonly { readonly HostIp?: string; readonly HostPort?: string }[] | null>
    > | null
  }
  readonly Mounts?: readonly {
    readonly Type?: string
    readonly Name?: string
    readonly Source?: string
    readonly Destination?: string
    readonly RW?: boolean
  }[]
  readonly NetworkSettings?: {
    readonly Networks?: Readonly<
      Record<string, { readonly NetworkID?: string; readonly IPAddress?: string } | null>
    > | null
  }
}

/**
 * Whether it runs is worth knowing; since when, its health, its process and its counters change by
 * themselves.
 */
export function containerFields(container: Container, account: string): CloudServiceFields {
  const { Config: config = {}, HostConfig: host = {}, Id: id, Image: image } = container
  const name = container.Name.replace(/^\//, '')
  return {
    resourceId: id,
    account,
    name,
    instanceType: config.Image,
    launchedAt: container.Created,
    ipAddresses: networksOf(container).flatMap(({ IPAddress: ip }) => (ip ? [ip] : [])),
    tags: withoutSecretValues(config.Labels ?? {}),
    relations: relationsOf(container),
    data: {
      name,
      image: config.Image ?? '',
      image_id: image,
      state: container.State?.Status ?? '',
      entrypoint: withoutSecretFlags(asTexts(config.Entrypoint)),
      command: withoutSecretFlags(asTexts(config.Cmd)),
      // Values are where passwords are handed to containers; which variables there are is no secret.
      environment: asTexts(config.Env)
        .map((each) => each.split('=')[0] ?? '')
        .toSorted(),
      user: config.User ?? '',
      working_directory: config.WorkingDir ?? '',
      restart_policy: host.RestartPolicy?.Name ?? '',
      network_mode: host.NetworkMode ?? '',
      is_privileged: host.Privileged ?? false,
      is_root_read_only: host.ReadonlyRootfs ?? false,
      memory_limit_bytes: host.Memory ?? 0,
      cpu_limit: (host.NanoCpus ?? 0) / 1e9,
      added_capabilities: asTexts(host.CapAdd).toSorted(),
      ports: portsOf(container),
      mounts: mountsOf(container),
    },
  }
}

function relationsOf(container: Container): readonly Relation[] {
  const volumes = asList(container.Mounts).filter(({ Type: type }) => type === 'volume')
  return [
    { name: 'created_from', type: 'image', resourceId: container.Image },
    ...networksOf(container).flatMap(({ NetworkID: id }) =>
      id ? [{ name: 'attached_to', type: 'network', resourceId: id }] : [],
    ),
    ...volumes.flatMap(({ Name: name }) =>
      name ? [{ name: 'mounts', type: 'volume', resourceId: name }] : [],
    ),
  ]
}

function networksOf({ NetworkSettings: settings }: Container) {
  return Object.values(settings?.Networks ?? {}).filter((network) => network !== null)
}

function portsOf({ HostConfig: host }: Container): readonly string[] {
  return Object.entries(host?.PortBindings ?? {})
    .flatMap(([port, bindings]) =>
      asList(bindings).map(({ HostIp: ip, HostPort: hostPort }) => `${ip ?? ''}:${hostPort ?? ''}->${port}`),
    )
    .toSorted()
}

function mountsOf({ Mounts: mounts }: Container): readonly object[] {
  return asList(mounts)
    .map(({ Destination: path, Name: name, RW: isWritable = true, Source: source, Type: type }) => ({
      ...{ path: path ?? '', type: type ?? '', is_writable: isWritable },
      source: name ?? source ?? '',
    }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
}
