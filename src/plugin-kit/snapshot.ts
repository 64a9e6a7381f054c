import { decodeResource } from '../inventory/index.ts'
import type { Workbench } from './workbench.ts'

/** What one run found: each resource as text, by what identifies it, and what could not be read. */
export type Snapshot = {
  readonly resources: ReadonlyMap<string, string>
  readonly problems: readonly string[]
}

export type SnapshotDiff = {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly string[]
}

/** Starts the plugin, verifies it, and collects once. Throws what it fails with. */
export async function takeSnapshot({ connect, input, signal }: Workbench): Promise<Snapshot> {
  const plugin = await connect()
  try {
    await plugin.init(input.options, signal)
    await plugin.verify(input, signal)
    const resources = new Map<string, string>()
    const problems: string[] = []
    for await (const chunk of plugin.collect({ ...input, filter: {} }, signal)) {
      for (const bytes of chunk) {
        const resource = decodeResource(bytes)
        if (resource.kind === 'error' || resource.kind === 'rejected') problems.push(resource.message)
        if (resource.kind !== 'cloud_service') continue
        const { cloudServiceGroup, cloudServiceType, resourceId, ...content } = resource
        resources.set(`${cloudServiceGroup}/${cloudServiceType} ${resourceId}`, JSON.stringify(content))
      }
    }
    return { resources, problems }
  } finally {
    plugin.release()
  }
}

/** What is different in the later of two runs. */
export function diffSnapshots(before: Snapshot, after: Snapshot): SnapshotDiff {
  const keys = [...after.resources.keys()]
  return {
    added: keys.filter((key) => !before.resources.has(key)),
    removed: [...before.resources.keys()].filter((key) => !after.resources.has(key)),
    changed: keys.filter(
      (key) => before.resources.has(key) && before.resources.get(key) !== after.resources.get(key),
    ),
  }
}
