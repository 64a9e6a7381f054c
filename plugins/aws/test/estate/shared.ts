import type { clientOf } from '../support.ts'

export type At = ReturnType<typeof clientOf>

export const Tags = [{ Key: 'team', Value: 'web' }]
