import type { CallContext, CollectContext, FromSchema, ObjectSchema } from '@gleaner/sdk'

export const OPTIONS = {
  type: 'object',
  properties: {
    subscriptions: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description:
        'Ids of the subscriptions to collect. Empty: the one that the secret names, and else all that its credential sees, found anew in each run.',
    },
    exclude: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Resource types to leave out, with `*` for anything, such as `microsoft.insights/*`.',
    },
    cloud: {
      type: 'string',
      enum: ['public', 'china', 'us_government'],
      default: 'public',
      description: 'Which Azure.',
    },
    check_permissions: {
      type: 'boolean',
      default: true,
      description:
        'Ask in each run whether the credential may read a whole subscription. Where it may not, nothing there counts as gone.',
    },
    check_index: {
      type: 'boolean',
      default: true,
      description:
        'Compare what Resource Graph lists with what Resource Manager itself has. What the index has lost does not count as gone.',
    },
    page_size: {
      type: 'integer',
      minimum: 1,
      maximum: 1_000,
      default: 1_000,
      description: 'Resources to ask for at once.',
    },
    request_timeout_seconds: {
      type: 'integer',
      minimum: 1,
      maximum: 600,
      default: 60,
      description: 'How long one call may take before it is tried again.',
    },
    management_endpoint: {
      type: 'string',
      description:
        'Address of Resource Manager, for private links and emulators. Default: that of the cloud.',
    },
    login_endpoint: {
      type: 'string',
      description: 'Address of Entra ID, for emulators. Default: that of the cloud.',
    },
  },
} as const satisfies ObjectSchema

export const SECRET = {
  type: 'object',
  properties: {
    tenant_id: { type: 'string', description: 'Id of the directory.' },
    client_id: { type: 'string', description: 'Id of the application that was registered for Gleaner.' },
    client_secret: { type: 'string', description: 'A secret of it.' },
    subscription_id: {
      type: 'string',
      description: 'The subscription to collect, unless the option `subscriptions` says otherwise.',
    },
  },
  required: ['tenant_id', 'client_id', 'client_secret'],
} as const satisfies ObjectSchema

export type Options = FromSchema<typeof OPTIONS>
export type Secret = FromSchema<typeof SECRET>
export type Context = CallContext<Options, Secret>
export type Collecting = CollectContext<Options, Secret>
