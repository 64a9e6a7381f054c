import { usePluginChoices, usePluginDescription } from '../../../api/use-plugin-choice.ts'
import { PluginSelect } from '../../../components/options/plugin-select.tsx'
import { Async } from '../../../components/ui/async.tsx'
import { Page } from '../../../components/ui/page.tsx'
import type { Secret } from '../api/use-secrets.ts'
import { NewSecretForm } from './new-secret-form.tsx'

type NewSecretViewProps = {
  /** The plugin whose fields are asked for; empty for a JSON object. It is part of the address. */
  readonly pluginId: string
  readonly onPlugin: (pluginId: string) => void
  readonly onCreated: (secret: Secret) => void
}

/** Stores credentials: first for which plugin, which then says what has to be asked. */
export function NewSecretView({ pluginId, onPlugin, onCreated }: NewSecretViewProps) {
  const choices = usePluginChoices()
  const description = usePluginDescription(pluginId)
  const schemas = choices.data?.find(({ plugin_id }) => plugin_id === pluginId)?.capability?.supported_schema
  return (
    <Page title="New secret">
      <div className="form">
        <PluginSelect
          none="any: as a JSON object"
          hint="The plugin that uses the secret. It says which values it needs."
          value={pluginId}
          onValue={onPlugin}
        />
        {pluginId === '' ? (
          <NewSecretForm key="" fields={{}} provider="" schemas={[]} onCreated={onCreated} />
        ) : (
          <Async of={description} lines={6}>
            {(of) => (
              <NewSecretForm
                key={of.plugin_id}
                fields={of.secret_schema ?? {}}
                provider={of.provider}
                schemas={schemas ?? []}
                onCreated={onCreated}
              />
            )}
          </Async>
        )}
      </div>
    </Page>
  )
}
