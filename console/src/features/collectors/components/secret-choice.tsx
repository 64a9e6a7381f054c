import { Async } from '../../../components/ui/async.tsx'
import { Field } from '../../../components/ui/field.tsx'
import { useSecretChoices } from '../api/use-plugin-choice.ts'

type SecretChoiceProps = {
  readonly provider: string
  /** Id of a secret; empty for all of the provider. */
  readonly value: string
  readonly onValue: (secretId: string) => void
}

/** Which secrets a collector may use: all of its provider, or one. */
export function SecretChoice({ provider, value, onValue }: SecretChoiceProps) {
  const secrets = useSecretChoices(provider)
  return (
    <Async of={secrets} lines={2}>
      {(list) => (
        <Field
          label="Secrets"
          hint={
            list.length === 0
              ? `There is none of provider ${provider} yet: gleaner secrets create`
              : 'What is in them nobody sees, here neither.'
          }
        >
          {(ids) => (
            <select {...ids} value={value} onChange={(event) => onValue(event.target.value)}>
              <option value="">all of provider {provider}</option>
              {list.map(({ secret_id, name }) => (
                <option key={secret_id} value={secret_id}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
    </Async>
  )
}
