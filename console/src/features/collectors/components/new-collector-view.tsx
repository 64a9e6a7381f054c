import { Async } from '../../../components/ui/async.tsx'
import { Field } from '../../../components/ui/field.tsx'
import { Page } from '../../../components/ui/page.tsx'
import { usePluginChoices, usePluginDescription } from '../api/use-plugin-choice.ts'
import { NewCollectorForm } from './new-collector-form.tsx'

type NewCollectorViewProps = {
  /** The plugin that was chosen; empty before. It is part of the address. */
  readonly pluginId: string
  readonly onPlugin: (pluginId: string) => void
}

/** Makes a collector: first the plugin, which then says what has to be asked. */
export function NewCollectorView({ pluginId, onPlugin }: NewCollectorViewProps) {
  const plugins = usePluginChoices()
  const description = usePluginDescription(pluginId)
  return (
    <Page title="New collector">
      <div className="form">
        <Async of={plugins} lines={2}>
          {(choices) => (
            <Field label="Plugin" hint="What collects. It says by itself which options it takes." isRequired>
              {(ids) => (
                <select {...ids} value={pluginId} onChange={(event) => onPlugin(event.target.value)}>
                  <option value="">choose …</option>
                  {choices.map(({ plugin_id, name, provider }) => (
                    <option key={plugin_id} value={plugin_id}>
                      {name === provider || provider === '' ? name : `${name} (${provider})`}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          )}
        </Async>
        {pluginId !== '' && (
          <Async of={description} lines={8}>
            {(of) => <NewCollectorForm key={of.plugin_id} of={of} />}
          </Async>
        )}
      </div>
    </Page>
  )
}
