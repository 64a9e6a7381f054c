import { useNavigate } from '@tanstack/react-router'
import { type SubmitEvent, useState } from 'react'
import type { PluginDescription } from '../../../api/use-plugin-choice.ts'
import { toFormValues, toOptions } from '../../../components/options/option-form.ts'
import { OptionsFields } from '../../../components/options/options-fields.tsx'
import { Button } from '../../../components/ui/button.tsx'
import { NameField } from '../../../components/ui/name-field.tsx'
import { ErrorNotice } from '../../../components/ui/notice.tsx'
import { secretsIn, selectionOf } from '../api/secret-selection.ts'
import { useCreateCollector } from '../api/use-save-collector.ts'
import { useSecretOptions } from '../api/use-secret-options.ts'
import { SecretChoice } from './secret-choice.tsx'

/** Everything about a new collector of one plugin. */
export function NewCollectorForm({ of, secretId }: { of: PluginDescription; secretId: string }) {
  const schema = of.options_schema ?? {}
  const takesSecret = Object.keys(of.secret_schema?.properties ?? {}).length > 0
  const [name, setName] = useState('')
  const [values, setValues] = useState(() => toFormValues(schema, {}))
  const [chosen, setChosen] = useState<string>()
  const offered = useSecretOptions(of.provider).data
  const secrets = offered === undefined ? '' : secretsIn(offered, chosen, secretId)
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({})
  const create = useCreateCollector()
  const navigate = useNavigate()

  function submit(event: SubmitEvent) {
    event.preventDefault()
    const read = toOptions(schema, values)
    setProblems(read.problems)
    if (Object.keys(read.problems).length > 0 || (takesSecret && secrets === '')) return
    const selection = takesSecret ? selectionOf(secrets, of.provider) : {}
    create.mutate(
      { name: name.trim(), pluginId: of.plugin_id, options: read.options, secrets: selection },
      { onSuccess: ({ collector_id: id }) => void navigate({ to: '/collectors/$id', params: { id } }) },
    )
  }

  return (
    <form onSubmit={submit}>
      {takesSecret && (
        <SecretChoice
          pluginId={of.plugin_id}
          provider={of.provider}
          given={secretId}
          chosen={chosen}
          onChoose={setChosen}
        />
      )}
      <NameField value={name} onValue={setName} />
      <h2>Options</h2>
      <OptionsFields
        schema={schema}
        values={values}
        problems={problems}
        onValue={(option, value) => setValues((now) => ({ ...now, [option]: value }))}
      />
      {create.error !== null && <ErrorNotice error={create.error} />}
      <Button
        type="submit"
        look="primary"
        disabled={create.isPending || (takesSecret && offered === undefined)}
      >
        {create.isPending ? 'Creating …' : 'Create'}
      </Button>
    </form>
  )
}
