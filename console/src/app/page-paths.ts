/**
 * First segments of the addresses that are pages: the nouns of the CLI and of REST. The server answers these
 * with the console.
 */
export const PAGES = [
  'resources',
  'collectors',
  'jobs',
  'coverage',
  'history',
  'secrets',
  'plugins',
  'settings',
] as const
