import type { SecretOption } from './use-secret-options.ts'

/** Which secrets a collector may use, besides one by its id: all of its provider, or none. */
export const SECRETS = { all: 'all', none: 'none' } as const

/** Words and ids that can be chosen where there are these secrets. */
export function choicesOf(list: readonly SecretOption[]): readonly string[] {
  const words = list.some(({ provider }) => provider !== '') ? [SECRETS.none, SECRETS.all] : [SECRETS.none]
  return [...words, ...list.map(({ secret_id }) => secret_id)]
}

/**
 * What stands in the form: what somebody chose, else the secret of the address, else all of the provider;
 * empty where that cannot be chosen, or nothing can be told beforehand. A secret without a provider is
 * anybody's, and is sent to no plugin that nobody chose it for.
 */
export function secretsIn(list: readonly SecretOption[], chosen: string | undefined, given: string): string {
  if (chosen !== undefined) return choicesOf(list).includes(chosen) ? chosen : ''
  if (given !== '') return list.some(({ secret_id }) => secret_id === given) ? given : ''
  if (list.length === 0) return SECRETS.none
  return list.some(({ provider }) => provider !== '') ? SECRETS.all : ''
}

/** What selects the secrets, as the API names it. */
export function selectionOf(value: string, provider: string): Readonly<Record<string, string>> {
  if (value === SECRETS.none) return {}
  return value === SECRETS.all ? { provider } : { secret_id: value }
}
