import type { FromSchema, ObjectSchema } from '@gleaner/sdk'

export const PAGING = ['none', 'page', 'offset', 'cursor', 'next_url', 'link'] as const

/** All that the plugin knows about an API. */
export const OPTIONS = {
  type: 'object',
  properties: {
    url: { type: 'string', description: 'Address of the list, with any query that it needs.' },
    account: {
      type: 'string',
      description:
        'Account of the items. Default: host and path of the address. Changing it makes every item a new one.',
    },
    items: {
      type: 'string',
      default: '$',
      description:
        'JSONPath to the list in an answer, such as `$.servers`: to the list itself, without `[*]`.',
    },
    id: {
      type: 'string',
      default: '$.id',
      description: 'JSONPath in an item to its id, which must be unique and stay.',
    },
    name: { type: 'string', default: '$.name', description: 'JSONPath in an item to its name.' },
    type: { type: 'string', description: 'JSONPath in an item to its type, shown as instance type.' },
    region: { type: 'string', description: 'JSONPath in an item to its region code.' },
    omit: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description:
        'JSONPaths in an item to what is left out: what changes by itself, and what nobody should see.',
    },
    paging: {
      type: 'string',
      enum: PAGING,
      default: 'none',
      description:
        'How the list goes on: by page number, offset, cursor, an address in the answer, or the `Link` header.',
    },
    page_param: { type: 'string', default: 'page', description: 'Query parameter of the page number.' },
    first_page: { type: 'integer', minimum: 0, default: 1, description: 'Number of the first page.' },
    offset_param: { type: 'string', default: 'offset', description: 'Query parameter of the offset.' },
    cursor_param: { type: 'string', default: 'cursor', description: 'Query parameter of the cursor.' },
    cursor: {
      type: 'string',
      default: '$.next',
      description:
        'JSONPath in an answer to the next cursor, by `next_url` to the address of the next page; null, empty or absent at the end.',
    },
    max_pages: {
      type: 'integer',
      minimum: 1,
      default: 10_000,
      description:
        'A list that goes on after so many pages is an error: most likely it would go on for ever.',
    },
    key_param: {
      type: 'string',
      description: 'Query parameter of the API key in `secret_data.key`, such as `api_key`. Default: none.',
    },
    size_param: { type: 'string', description: 'Query parameter of the page size. Default: none is sent.' },
    page_size: {
      type: 'integer',
      minimum: 1,
      default: 100,
      description: 'What is asked for by `size_param`.',
    },
  },
  required: ['url'],
} as const satisfies ObjectSchema

export type Options = FromSchema<typeof OPTIONS>
