import type { ResourceTypeDeclaration } from '@gleaner/sdk'

const LABELS = ['Container']

/** What the plugin reports. */
export const RESOURCE_TYPES = {
  engine: { group: 'Docker', type: 'Engine', isMajor: true, labels: LABELS, permissions: ['GET /info'] },
  container: {
    group: 'Docker',
    type: 'Container',
    isPrimary: true,
    isMajor: true,
    labels: LABELS,
    permissions: ['GET /containers/json', 'GET /containers/{id}/json'],
  },
  image: { group: 'Docker', type: 'Image', labels: LABELS, permissions: ['GET /images/json'] },
  network: { group: 'Docker', type: 'Network', labels: LABELS, permissions: ['GET /networks'] },
  volume: { group: 'Docker', type: 'Volume', labels: LABELS, permissions: ['GET /volumes'] },
} as const satisfies Record<string, ResourceTypeDeclaration>

export type TypeName = keyof typeof RESOURCE_TYPES
