import type { ResourceTypeDeclaration } from '@gleaner/sdk'
import { KINDS } from './services/index.ts'

/** What the plugin reports, by the names that scopes and relations use. */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceTypeDeclaration>> = Object.fromEntries(
  Object.entries(KINDS).map(([name, { declaration }]) => [name, declaration]),
)
