import { Link } from '@tanstack/react-router'
import { Async } from '../../../components/ui/async.tsx'
import { Field } from '../../../components/ui/field.tsx'
import { choicesOf, SECRETS, secretsIn } from '../api/secret-selection.ts'
import { type SecretOption, useSecretOptions } from '../api/use-secret-options.ts'

type SecretChoiceProps = {
  readonly pluginId: string
  readonly provider: string
  /** Id of a secret that the address names; empty for none. */
  readonly given: string
  /** Id of a secret, or one of the words of `SECRETS`; undefined as long as nobody has chosen. */
  readonly chosen: string | undefined
  readonly onChoose: (value: string) => void
}

/** Which secrets a collector may use; where there is none yet, the way to the first. */
export function SecretChoice({ pluginId, provider, given, chosen, onChoose }: SecretChoiceProps) {
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
          <Field
            label="Secrets"
            hint="Secret values are never shown."
            isRequired
            problem={
              secrets.isFetching || chosen !== undefined || isHeld(list, given)
                ? undefined
                : `${given} is no secret that this plugin may use. Choose another.`
            }
          >
            {(ids) => (
              <div className="with-button">
                <select
                  {...ids}
                  required
                  value={secretsIn(list, chosen, given)}
                  onChange={(event) => onChoose(event.target.value)}
                >
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

function isHeld(list: readonly SecretOption[], given: string): boolean {
  return given === '' || list.some(({ secret_id }) => secret_id === given)
}

function Options({ list, provider }: { list: readonly SecretOption[]; provider: string }) {
  return (
    <>
      <option value="">choose …</option>
      <option value={SECRETS.none}>none</option>
      {choicesOf(list).includes(SECRETS.all) && (
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
