import type { ContainerCreateOptions } from 'dockerode'
import type { PluginSettings } from '../settings.ts'

/** The port that plugins of the public API serve on in their images. */
export const PLUGIN_PORT = '50051/tcp'

/** Marks the containers of one data folder, by which those that a killed server left are found. */
export const OWNER_LABEL = 'gleaner.data-dir'
export const PROCESS_LABEL = 'gleaner.process'

const MIB = 1_048_576
const MAX_PROCESSES = 512

export type ContainerSpec = {
  readonly pluginId: string
  readonly version: string
  readonly image: string
  readonly dataDir: string
  readonly settings: PluginSettings
}

/**
 * What a plugin may do in its container: reach the network and write into its own layer, within a bounded
 * memory and number of processes. Nothing of this machine is mounted, and it can gain no rights. Its port is
 * published on the loopback alone.
 */
export function containerOptions(spec: ContainerSpec): ContainerCreateOptions {
  const memory = spec.settings.maxRssMb * MIB
  return {
    Image: spec.image,
    Env: [
      'GLEANER_PLUGIN_PORT=50051',
      'GLEANER_PLUGIN_HOST=0.0.0.0',
      `GLEANER_PLUGIN_REACH=${spec.settings.reach}`,
      `GLEANER_PLUGIN_ALLOW=${spec.settings.reachAllow.join(',')}`,
      `GLEANER_PLUGIN_ID=${spec.pluginId}`,
      `GLEANER_PLUGIN_VERSION=${spec.version}`,
    ],
    // A plugin of the SDK ends when its stdin does, so it is kept open for as long as the container runs.
    OpenStdin: true,
    ExposedPorts: { [PLUGIN_PORT]: {} },
    Labels: { [OWNER_LABEL]: spec.dataDir, [PROCESS_LABEL]: String(process.pid) },
    HostConfig: {
      PortBindings: { [PLUGIN_PORT]: [{ HostIp: '127.0.0.1', HostPort: '' }] },
      Memory: memory,
      MemorySwap: memory,
      PidsLimit: MAX_PROCESSES,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Init: true,
    },
  }
}
