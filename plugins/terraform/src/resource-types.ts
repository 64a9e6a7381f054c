import type { ResourceTypeDeclaration } from '@gleaner/sdk'

/** What the plugin reports. */
export const RESOURCE_TYPES = {
  resource: {
    group: 'Terraform',
    type: 'Resource',
    isPrimary: true,
    isMajor: true,
    labels: ['Management'],
    permissions: ['read the state'],
    schema: {
      type: 'object',
      properties: {
        address: { type: 'string' },
        module: { type: 'string' },
        resource_type: { type: 'string' },
        provider: { type: 'string' },
        is_deposed: { type: 'boolean' },
        is_tainted: { type: 'boolean' },
        dependencies: { type: 'array', items: { type: 'string' } },
        attributes: { type: 'object' },
      },
    },
  },
  output: {
    group: 'Terraform',
    type: 'Output',
    labels: ['Management'],
    permissions: ['read the state'],
    schema: { type: 'object', properties: { is_sensitive: { type: 'boolean' } } },
  },
} as const satisfies Record<string, ResourceTypeDeclaration>
