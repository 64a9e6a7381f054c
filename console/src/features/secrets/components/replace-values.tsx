import { type SubmitEvent, useState } from 'react'
import type { OptionsSchema } from '../../../api/options-schema.ts'
import { usePluginChoices, usePluginDescription } from '../../../api/use-plugin-choice.ts'
import { OptionsFields } from '../../../components/options/options-fields.tsx'
import { PluginSelect } from '../../../components/options/plugin-select.tsx'
import { Async } from '../../../components/ui/async.tsx'
import { Button } from '../../../components/ui/button.tsx'
import { ErrorNotice } from '../../../components/ui/notice.tsx'
import { useSecretForm } from '../api/use-secret-form.ts'
import { type Secret, useSendSecret } from '../api/use-secrets.ts'

/**
 * New values for a secret, in place of all that it has; by the fields of the plugin of its provider, or of
 * another.
 */
export function ReplaceValues({ of }: { of: Secret }) {
  const choices = usePluginChoices()
  const [chosen, setChosen] = useState<string>()
  const own = choices.data?.find(({ provider }) => provider === of.provider && provider !== '')
  const pluginId = chosen ?? own?.plugin_id ?? ''
  const description = usePluginDescription(pluginId)
  return (
    <div className="form">
      <PluginSelect
        none="any: as a JSON object"
        hint="The plugin whose fields are asked for."
        value={pluginId}
        onValue={setChosen}
      />
      {pluginId === '' ? (
        <ReplaceForm key="" secretId={of.secret_id} fields={{}} />
      ) : (
        <Async of={description} lines={4}>
          {({ plugin_id, secret_schema = {} }) => (
            <ReplaceForm key={plugin_id} secretId={of.secret_id} fields={secret_schema} />
          )}
        </Async>
      )}
    </div>
  )
}

function ReplaceForm({ secretId, fields }: { secretId: string; fields: OptionsSchema }) {
  const form = useSecretForm(fields)
  const send = useSendSecret()
  const [error, setError] = useState<unknown>()
  const [is, setIs] = useState<'waiting' | 'busy' | 'done'>('waiting')

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const data = form.take()
    if (data === undefined) return
    setIs('busy')
    setError(undefined)
    try {
      await send.replaceData(secretId, data)
      setIs('done')
    } catch (thrown) {
      setError(thrown)
      setIs('waiting')
    }
  }

  return (
    <form autoComplete="off" onSubmit={(event) => void submit(event)}>
      <OptionsFields {...form.fields} isSecret />
      {error !== undefined && (
        <>
          <ErrorNotice error={error} />
          <p>The values were not kept; enter them again.</p>
        </>
      )}
      <div className="actions">
        <Button type="submit" look="primary" disabled={is === 'busy'}>
          Replace values
        </Button>
        <span role="status">
          {is === 'done' && 'Replaced. Tasks that run keep the values they started with.'}
        </span>
      </div>
    </form>
  )
}
