import type { ObjectSchema } from '@gleaner/sdk'

/** Options of what is read through Cloud Control. */
export const WIDE_OPTIONS = {
  wide: {
    type: 'boolean',
    default: true,
    description:
      'Also every other type that Cloud Control can list. Where `services` names some, only if `cloudcontrol` is among them.',
  },
  wide_types: {
    type: 'array',
    items: { type: 'string' },
    default: ['AWS::*'],
    description: 'Which of these types, such as `AWS::Glue::*`.',
  },
  wide_except: {
    type: 'array',
    items: { type: 'string' },
    default: [],
    description: 'Which of them not.',
  },
  wide_details: {
    type: 'string',
    enum: ['missing', 'always'],
    default: 'missing',
    description:
      'Whether each resource is asked for alone only where the list told too little of it, or in any case.',
  },
  wide_young_types: {
    type: 'boolean',
    default: true,
    description: 'Also types that the CloudFormation registry names and this version does not know.',
  },
  wide_cross_check: {
    type: 'boolean',
    default: true,
    description:
      'Whether lists must hold all that the tagging API knows, and what Resource Explorer knows and is there.',
  },
} as const satisfies NonNullable<ObjectSchema['properties']>

/** As in the option `services`, and in `endpoints`. */
export const WIDE_SERVICE = 'cloudcontrol'
