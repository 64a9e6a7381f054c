import { useNavigate } from '@tanstack/react-router'
import { type SubmitEvent, useState } from 'react'
import { Button } from '../../../components/ui/button.tsx'
import { Field } from '../../../components/ui/field.tsx'
import { ErrorNotice } from '../../../components/ui/notice.tsx'
import { toFormValues, toOptions } from '../api/option-form.ts'
import type { PluginDescription } from '../api/use-plugin-choice.ts'
import { useCreateCollector } from '../api/use-save-collector.ts'
import { OptionsFields } from './options-fields.tsx'
import { SecretChoice } from './secret-choice.tsx'

/** Everything about a new collector of one plugin. */
export function NewCollectorForm({ of }: { of: PluginDescription }) {
  const schema = of.options_schema ?? {}
  const needsSecret = Object.keys(of.secret_schema?.properties ?? {}).length > 0
  const [name, setName] = useState('')
  const [values, setValues] = useState(() => toFormValues(schema, {}))
  const [secretId, setSecretId] = useState('')
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({})
  const create = useCreateCollector()
  const navigate = useNavigate()

  function submit(event: SubmitEvent) {
    event.preventDefault()
    const read = toOptions(schema, values)
    setProblems(read.problems)
    if (Object.keys(read.problems).length > 0) return
    const all = of.provider === '' ? {} : { provider: of.provider }
    const secrets = needsSecret ? (secretId === '' ? all : { secret_id: secretId }) : {}
    create.mutate(
      { name: name.trim(), pluginId: of.plugin_id, options: read.options, secrets },
      { onSuccess: ({ collector_id: id }) => void navigate({ to: '/collectors/$id', params: { id } }) },
    )
  }

  return (
    <form onSubmit={submit}>
      <Field label="Name" isRequired>
        {(ids) => (
          <input
            {...ids}
            required
            maxLength={255}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      {needsSecret && <SecretChoice provider={of.provider} value={secretId} onValue={setSecretId} />}
      <h2>Options</h2>
      <OptionsFields
        schema={schema}
        values={values}
        problems={problems}
        onValue={(option, value) => setValues((now) => ({ ...now, [option]: value }))}
      />
      {create.error !== null && <ErrorNotice error={create.error} />}
      <Button type="submit" look="primary" disabled={create.isPending}>
        {create.isPending ? 'Creating …' : 'Create'}
      </Button>
    </form>
  )
}
