import { Link } from '@tanstack/react-router'
import { Async } from '../../../components/ui/async.tsx'
import { Field } from '../../../components/ui/field.tsx'
import { type SecretOption, useSecretOptions } from '../api/use-secret-options.ts'

type SecretChoiceProps = {
  readonly pluginId: string
  readonly provider: string
  /** Id of a secret, or one of the words of `SECRETS`. */
  readonly value: string
  readonly onValue: (value: string) => void
}

/** Which secrets a collector may use, besides one by its id: all of its provider, or none. */
export const SECRETS = { all: 'all', none: 'none' } as const

/** Which secrets a collector may use; where there is none yet, the way to the first. */
export function SecretChoice({ pluginId, provider, value, onValue }: SecretChoiceProps) {
  const secrets = useSecretOptions(provider)
  const add = (
    <Link to="/secrets/new" search={{ plugin: pluginId, next: 'collector' }} className="button">
      New secret
    </Link>
  )
  return (
    <Async of={secrets} lines={2}>
      {(list) => (
        <>
          {list.length === 0 && (
            <div className="notice warn">
              <p>There is no secret for {provider || 'this plugin'} yet. Store one first.</p>
              {add}
            </div>
          )}
          <Field label="Secrets" hint="Secret values are never shown.">
            {(ids) => (
              <div className="with-button">
                <select {...ids} value={value} onChange={(event) => onValue(event.target.value)}>
                  <Options list={list} provider={provider} />
                </select>
                {list.length > 0 && add}
              </div>
            )}
          </Field>
        </>
      )}
    </Async>
  )
}

function Options({ list, provider }: { list: readonly SecretOption[]; provider: string }) {
  return (
    <>
      <option value={SECRETS.none}>none</option>
      {list.some((each) => each.provider !== '') && (
        <option value={SECRETS.all}>all of provider {provider}</option>
      )}
      {list.map(({ secret_id, name }) => (
        <option key={secret_id} value={secret_id}>
          {name}
        </option>
      ))}
    </>
  )
}

/** What most want where nothing was chosen: all of the provider, else the only ones that fit. */
export function usualSecrets(list: readonly SecretOption[]): string {
  if (list.some(({ provider }) => provider !== '')) return SECRETS.all
  return list[0]?.secret_id ?? SECRETS.none
}

/** What selects the secrets, as the API names it. */
export function selectionOf(value: string, provider: string): Readonly<Record<string, string>> {
  if (value === SECRETS.none) return {}
  return value === SECRETS.all ? { provider } : { secret_id: value }
}
