import { type SubmitEvent, useState } from 'react'
import type { OptionsSchema } from '../../../api/options-schema.ts'
import { OptionsFields } from '../../../components/options/options-fields.tsx'
import { Button } from '../../../components/ui/button.tsx'
import { Field } from '../../../components/ui/field.tsx'
import { NameField } from '../../../components/ui/name-field.tsx'
import { ErrorNotice } from '../../../components/ui/notice.tsx'
import { useChangeAccounts } from '../api/use-accounts.ts'
import { useSecretForm } from '../api/use-secret-form.ts'
import { type Secret, useSendSecret } from '../api/use-secrets.ts'
import { type AccountChoice, AccountFields, NO_ACCOUNT } from './account-fields.tsx'

type NewSecretFormProps = {
  /** Which values the plugin needs; without properties a JSON object is asked for. */
  readonly fields: OptionsSchema
  /** Provider of the plugin; empty where it is not known. */
  readonly provider: string
  /** Forms of secrets that the plugin takes; none: any. */
  readonly schemas: readonly string[]
  readonly onCreated: (secret: Secret) => void
}

/** Everything about a new secret. Its values leave the form when they are sent, whatever comes of that. */
export function NewSecretForm({ fields: given, provider, schemas, onCreated }: NewSecretFormProps) {
  const [name, setName] = useState('')
  const [schema, setSchema] = useState(schemas[0] ?? '')
  const [account, setAccount] = useState<AccountChoice>(NO_ACCOUNT)
  const [error, setError] = useState<unknown>()
  const [isBusy, setIsBusy] = useState(false)
  const form = useSecretForm(given)
  const accounts = useChangeAccounts()
  const send = useSendSecret()

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const data = form.take()
    if (data === undefined) return
    setIsBusy(true)
    setError(undefined)
    try {
      const service_account_id = await accountId()
      onCreated(await send.create({ name: name.trim(), data, schema, service_account_id }))
    } catch (thrown) {
      setError(thrown)
      setIsBusy(false)
    }
  }

  /** The chosen account; a new one is created once, also when the secret is refused after that. */
  async function accountId(): Promise<string> {
    if (account.is !== 'new') return account.id
    const { service_account_id: id } = await accounts.create.mutateAsync(account)
    setAccount({ is: 'one', id })
    return id
  }

  return (
    <form autoComplete="off" onSubmit={(event) => void submit(event)}>
      <NameField value={name} onValue={setName} />
      <AccountFields provider={provider} value={account} onValue={setAccount} />
      {schemas.length > 0 && (
        <Field label="Schema" hint="The form of the values, by the name that the plugin gives it.">
          {(ids) => (
            <select {...ids} value={schema} onChange={(event) => setSchema(event.target.value)}>
              {schemas.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          )}
        </Field>
      )}
      <h2>Values</h2>
      <p className="fine">Secret values are never shown.</p>
      <OptionsFields {...form.fields} isSecret />
      {error !== undefined && (
        <>
          <ErrorNotice error={error} />
          <p>The values were not kept; enter them again.</p>
        </>
      )}
      <Button type="submit" look="primary" disabled={isBusy}>
        {isBusy ? 'Storing …' : 'Store secret'}
      </Button>
    </form>
  )
}
