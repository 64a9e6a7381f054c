import type { CallContext, CollectContext, FromSchema, ObjectSchema } from '@gleaner/sdk'

export const OPTIONS = {
  type: 'object',
  properties: {
    parents: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description:
        'What to collect: `projects/ID`, `folders/NUMBER`, `organizations/NUMBER`; of the last two all projects below, found anew in each run. Empty: the project of the key.',
    },
    asset_types: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description:
        'Only these, as Cloud Asset Inventory takes them: `compute.googleapis.com/Instance`, or a regular expression such as `compute.googleapis.com.*`. Empty: all that it knows.',
    },
    exclude: {
      type: 'array',
      items: { type: 'string' },
      default: ['k8s.io/*', '*.k8s.io/*'],
      description:
        'Asset types to leave out, with `*` for anything. Default: what lies in Kubernetes clusters, for which there is a plugin of its own.',
    },
    quota_project: {
      type: 'string',
      description:
        'Project whose quota pays for the calls, and in which the Cloud Asset API is enabled. Default: that of the credential.',
    },
    page_size: {
      type: 'integer',
      minimum: 1,
      maximum: 1_000,
      default: 1_000,
      description: 'Assets to ask for at once.',
    },
    request_timeout_seconds: {
      type: 'integer',
      minimum: 1,
      maximum: 600,
      default: 120,
      description: 'How long one call may take before it is tried again.',
    },
    endpoint: {
      type: 'string',
      default: 'https://cloudasset.googleapis.com',
      description: 'Address of Cloud Asset Inventory, for private endpoints and emulators.',
    },
  },
} as const satisfies ObjectSchema

export const SECRET = {
  type: 'object',
  properties: {
    type: {
      type: 'string',
      default: 'service_account',
      description:
        'What the other fields are: `service_account` for its key file, `authorized_user` for what `gcloud` keeps of a person.',
    },
    project_id: {
      type: 'string',
      description: 'The key’s own project, which is collected unless `parents` says otherwise.',
    },
    client_email: { type: 'string', description: 'Of a service account: its address.' },
    private_key: { type: 'string', description: 'Of a service account: its key, in PEM.' },
    private_key_id: { type: 'string', description: 'Of a service account: what the key is called.' },
    client_id: { type: 'string', description: 'Of a person: the program that was let in.' },
    client_secret: { type: 'string', description: 'Of a person: that program’s own secret.' },
    refresh_token: { type: 'string', description: 'Of a person: what tokens are had for.' },
    quota_project_id: { type: 'string', description: 'Of a person: as the option `quota_project`.' },
    token_uri: {
      type: 'string',
      default: 'https://oauth2.googleapis.com/token',
      description: 'Where tokens are had.',
    },
  },
} as const satisfies ObjectSchema

export type Options = FromSchema<typeof OPTIONS>
export type Secret = FromSchema<typeof SECRET>
export type Context = CallContext<Options, Secret>
export type Collecting = CollectContext<Options, Secret>
