import type { CloudServiceFields } from '@gleaner/sdk'
import { asList, asTexts, type Labels, withoutSecretValues } from './fields.ts'

export type Engine = {
  readonly ID: string
  readonly Name?: string
  readonly ServerVersion?: string
  readonly OperatingSystem?: string
  readonly KernelVersion?: string
  readonly Architecture?: string
  readonly Driver?: string
  readonly CgroupVersion?: string
  readonly NCPU?: number
  readonly MemTotal?: number
  readonly Labels?: readonly string[] | null
}

export type Image = {
  readonly Id: string
  readonly Created: number
  readonly Size: number
  readonly RepoTags?: readonly string[] | null
  readonly RepoDigests?: readonly string[] | null
  readonly Labels?: Labels | null
}

export type Network = {
  readonly Id: string
  readonly Name: string
  readonly Created?: string
  readonly Driver?: string
  readonly Scope?: string
  readonly Internal?: boolean
  readonly EnableIPv6?: boolean
  readonly Options?: Labels | null
  readonly Labels?: Labels | null
  readonly IPAM?: {
    readonly Config?: readonly { readonly Subnet?: string; readonly Gateway?: string }[] | null
  }
}

export type Volume = {
  readonly Name: string
  readonly Driver?: string
  readonly Scope?: string
  readonly Mountpoint?: string
  readonly CreatedAt?: string
  readonly Options?: Labels | null
  readonly Labels?: Labels | null
}

/** Numbers of containers and images, and free memory, are left out: they change with everything else. */
export function engineFields(engine: Engine): CloudServiceFields {
  return {
    resourceId: engine.ID,
    account: engine.ID,
    name: engine.Name,
    data: {
      version: engine.ServerVersion ?? '',
      operating_system: engine.OperatingSystem ?? '',
      kernel: engine.KernelVersion ?? '',
      architecture: engine.Architecture ?? '',
      storage_driver: engine.Driver ?? '',
      cgroup_version: engine.CgroupVersion ?? '',
      cpus: engine.NCPU ?? 0,
      memory_bytes: engine.MemTotal ?? 0,
      labels: asList(engine.Labels).toSorted(),
    },
  }
}

/** An image without a name is shown as Docker shows it. */
export function imageFields(image: Image, account: string): CloudServiceFields {
  const tags = asTexts(image.RepoTags).toSorted()
  return {
    resourceId: image.Id,
    account,
    name: tags[0] ?? '<none>:<none>',
    launchedAt: new Date(image.Created * 1_000),
    tags: withoutSecretValues(image.Labels ?? {}),
    data: { tags, digests: asTexts(image.RepoDigests).toSorted(), size_bytes: image.Size },
  }
}

export function networkFields(network: Network, account: string): CloudServiceFields {
  return {
    resourceId: network.Id,
    account,
    name: network.Name,
    launchedAt: network.Created,
    tags: withoutSecretValues(network.Labels ?? {}),
    data: {
      driver: network.Driver ?? '',
      scope: network.Scope ?? '',
      is_internal: network.Internal ?? false,
      has_ipv6: network.EnableIPv6 ?? false,
      subnets: asList(network.IPAM?.Config).flatMap(({ Subnet: subnet }) => subnet ?? []),
      gateways: asList(network.IPAM?.Config).flatMap(({ Gateway: gateway }) => gateway ?? []),
      options: withoutSecretValues(network.Options ?? {}),
    },
  }
}

/** Volumes have no id but their name. */
export function volumeFields(volume: Volume, account: string): CloudServiceFields {
  return {
    resourceId: volume.Name,
    account,
    name: volume.Name,
    launchedAt: volume.CreatedAt,
    tags: withoutSecretValues(volume.Labels ?? {}),
    data: {
      driver: volume.Driver ?? '',
      scope: volume.Scope ?? '',
      path: volume.Mountpoint ?? '',
      options: withoutSecretValues(volume.Options ?? {}),
    },
  }
}
