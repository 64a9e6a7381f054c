import type { CallContext, FromSchema, ObjectSchema } from '@gleaner/sdk'
import { SERVICES } from './services/index.ts'
import { WIDE_OPTIONS, WIDE_SERVICE } from './wide/options.ts'

export const OPTIONS = {
  type: 'object',
  properties: {
    services: {
      type: 'array',
      items: { type: 'string', enum: [...SERVICES.map(({ name }) => name), WIDE_SERVICE] },
      default: [],
      description: 'Which services to collect. Empty: all.',
    },
    regions: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description:
        'Which regions, such as `eu-central-1`; `global` stands for what lies in none. Empty: all that are enabled.',
    },
    home_region: {
      type: 'string',
      default: 'us-east-1',
      description:
        'Where the account itself is asked: identity, regions, global services. Accounts of China, GovCloud and the European Sovereign Cloud need a region of theirs.',
    },
    accounts: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Accounts to collect, by `account_role` in each. Empty: the one that the secret opens.',
    },
    organization: {
      type: 'boolean',
      default: false,
      description:
        'All active accounts of the organization, found anew in each run. The secret must open its management account or one that it delegated this to.',
    },
    organizational_units: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'With `organization`: only accounts below these units, such as `ou-ab12-cdefgh34`.',
    },
    account_role: {
      type: 'string',
      default: 'OrganizationAccountAccessRole',
      description: 'The role to assume in each account: its name, or an ARN with `{account}` in it.',
    },
    region_groups: {
      type: 'integer',
      minimum: 1,
      maximum: 16,
      default: 1,
      description: 'Into how many tasks the regions of an account are split, which may run at the same time.',
    },
    endpoint: {
      type: 'string',
      description: 'One address for all services, for emulators and gateways. Default: those of AWS.',
    },
    endpoints: {
      type: 'object',
      additionalProperties: true,
      description:
        'Addresses of single services by their names, such as `{"s3": "https://s3.example"}`; they go before `endpoint`.',
    },
    request_timeout_seconds: {
      type: 'integer',
      minimum: 1,
      maximum: 600,
      default: 60,
      description: 'How long one call may take before it is tried again.',
    },
    concurrency: {
      type: 'integer',
      minimum: 1,
      maximum: 64,
      default: 8,
      description: 'How many lists are read at once.',
    },
    ...WIDE_OPTIONS,
  },
} as const satisfies ObjectSchema

const ROLE = {
  type: 'object',
  properties: {
    role_arn: { type: 'string', description: 'The role.' },
    external_id: { type: 'string', description: 'What its trust policy asks for.' },
  },
  required: ['role_arn'],
} as const satisfies ObjectSchema

export const SECRET = {
  type: 'object',
  properties: {
    aws_access_key_id: { type: 'string', description: 'Access key to begin with.' },
    aws_secret_access_key: { type: 'string', description: 'Its secret part.' },
    aws_session_token: { type: 'string', description: 'Its session, when it is a temporary one.' },
    profile: {
      type: 'string',
      description: 'Instead of a key: a profile of the worker’s shared configuration.',
    },
    shared_config_file: {
      type: 'string',
      description: 'Where that configuration lies. Default: `~/.aws/config`.',
    },
    shared_credentials_file: {
      type: 'string',
      description: 'Where its credentials lie. Default: `~/.aws/credentials`.',
    },
    web_identity_token: { type: 'string', description: 'Instead of a key: a token of an identity provider.' },
    web_identity_token_file: {
      type: 'string',
      description: 'A file of the worker with such a token, read anew at each refresh.',
    },
    web_identity_role_arn: { type: 'string', description: 'The role that the token opens.' },
    role_arn: { type: 'string', description: 'A role to assume from there.' },
    external_id: { type: 'string', description: 'What its trust policy asks for.' },
    account_external_id: {
      type: 'string',
      description: 'What the trust policy of `account_role` asks for.',
    },
    roles: {
      type: 'array',
      items: ROLE,
      default: [],
      description: 'Roles to assume one after the other, after `role_arn`.',
    },
  },
} as const satisfies ObjectSchema

export type Options = FromSchema<typeof OPTIONS>
export type Secret = FromSchema<typeof SECRET>
export type Context = CallContext<Options, Secret>
