import { z } from 'zod'
import { isNetwork } from '../webhooks/index.ts'
import { list, type Options } from './option.ts'

/** What the outside world sees of the server, and the server of it. */
export const OUTSIDE_OPTIONS = {
  logLevel: {
    env: 'GLEANER_LOG_LEVEL',
    about: 'debug, info, warn, error or silent. Default info, on a terminal warn.',
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']).optional(),
  },
  webhookAllow: {
    env: 'GLEANER_WEBHOOK_ALLOW',
    about:
      'Addresses and networks, such as 10.1.2.0/24, that webhooks may reach although they are private; http is allowed there.',
    schema: list(z.string().refine(isNetwork, 'not an address or a network such as 10.1.2.0/24')).default([]),
  },
  firstInventory: {
    env: 'GLEANER_FIRST_INVENTORY',
    about: 'Whether an empty database gets a first domain and a collector of this machine.',
    schema: z.stringbool().or(z.boolean()).default(true),
  },
} as const satisfies Options
