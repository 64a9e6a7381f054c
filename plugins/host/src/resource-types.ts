import type { ResourceTypeDeclaration } from '@gleaner/sdk'
import { tableView } from './table-view.ts'

/**
 * What the plugin reports, in the order in which it reports it. The names are also those of the option
 * `sources`.
 */
export const RESOURCE_TYPES = {
  server: {
    group: 'Machine',
    type: 'Server',
    isPrimary: true,
    isMajor: true,
    labels: ['Compute'],
    metadata: tableView({
      'data.os.name': 'Operating system',
      'data.os.kernel': 'Kernel',
      'data.cpu.model': 'CPU',
      'data.cpu.cores': 'Cores',
      'data.memory.size_mib': 'Memory (MiB)',
      'data.virtualization.kind': 'Virtualization',
    }),
  },
  disk: {
    group: 'Storage',
    type: 'Disk',
    isPrimary: true,
    labels: ['Storage'],
    metadata: tableView({
      'data.model': 'Model',
      'data.kind': 'Kind',
      'data.size_bytes': 'Size (bytes)',
      'data.serial': 'Serial number',
    }),
  },
  file_system: {
    group: 'Storage',
    type: 'FileSystem',
    labels: ['Storage'],
    metadata: tableView({
      'data.mount': 'Mounted at',
      'data.type': 'Type',
      'data.device': 'Device',
      'data.size_gib': 'Size (GiB)',
    }),
  },
  interface: {
    group: 'Network',
    type: 'Interface',
    isPrimary: true,
    labels: ['Networking'],
    metadata: tableView({
      'data.mac': 'MAC address',
      'data.kind': 'Kind',
      'data.mtu': 'MTU',
      'data.state': 'State',
    }),
  },
  listening_service: {
    group: 'Network',
    type: 'ListeningService',
    labels: ['Networking'],
    metadata: tableView({
      'data.protocol': 'Protocol',
      'data.address': 'Address',
      'data.port': 'Port',
      'data.process': 'Process',
    }),
  },
  package: {
    group: 'Software',
    type: 'Package',
    isPrimary: true,
    labels: ['Software'],
    metadata: tableView({
      'data.version': 'Version',
      'data.architecture': 'Architecture',
      'data.manager': 'Package manager',
    }),
  },
  container: {
    group: 'Container',
    type: 'Container',
    isPrimary: true,
    isMajor: true,
    labels: ['Container'],
    metadata: tableView({ 'data.image': 'Image', 'data.state': 'State', 'data.command': 'Command' }),
  },
} as const satisfies Record<string, ResourceTypeDeclaration>

export type SourceName = keyof typeof RESOURCE_TYPES

export const SOURCE_NAMES = [
  'server',
  'disk',
  'file_system',
  'interface',
  'listening_service',
  'package',
  'container',
] as const satisfies readonly SourceName[]
