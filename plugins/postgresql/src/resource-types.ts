import type { ResourceTypeDeclaration } from '@gleaner/sdk'

/**
 * Nothing moves between databases, and what belongs to the cluster is in none of them: ids name the database.
 */
const COMMON = { group: 'PostgreSQL', labels: ['Database'], idsAreRegional: true } as const

/** What the plugin reports. */
export const RESOURCE_TYPES = {
  database: {
    ...COMMON,
    type: 'Database',
    isPrimary: true,
    isMajor: true,
    permissions: ['CONNECT on every database'],
  },
  schema: { ...COMMON, type: 'Schema' },
  table: { ...COMMON, type: 'Table', isPrimary: true },
  role: { ...COMMON, type: 'Role' },
  extension: { ...COMMON, type: 'Extension' },
  setting: { ...COMMON, type: 'Setting', permissions: ['membership in pg_monitor'] },
} as const satisfies Record<string, ResourceTypeDeclaration>
