import type { ResourceTypeDeclaration } from '@gleaner/sdk'

const LABELS = ['Database']

/** What the plugin reports. */
export const RESOURCE_TYPES = {
  database: {
    group: 'PostgreSQL',
    type: 'Database',
    isPrimary: true,
    isMajor: true,
    labels: LABELS,
    permissions: ['CONNECT on every database'],
  },
  schema: { group: 'PostgreSQL', type: 'Schema', labels: LABELS },
  table: { group: 'PostgreSQL', type: 'Table', isPrimary: true, labels: LABELS },
  role: { group: 'PostgreSQL', type: 'Role', labels: LABELS },
  extension: { group: 'PostgreSQL', type: 'Extension', labels: LABELS },
  setting: {
    group: 'PostgreSQL',
    type: 'Setting',
    labels: LABELS,
    permissions: ['membership in pg_monitor'],
  },
} as const satisfies Record<string, ResourceTypeDeclaration>
