import { usePluginDescription } from '../../../api/use-plugin-choice.ts'
import { PluginSelect } from '../../../components/options/plugin-select.tsx'
import { Async } from '../../../components/ui/async.tsx'
import { Page } from '../../../components/ui/page.tsx'
import { NewCollectorForm } from './new-collector-form.tsx'

type NewCollectorViewProps = {
  /** The plugin that was chosen; empty before. It is part of the address. */
  readonly pluginId: string
  /** A secret that was just made for it; empty for none. */
  readonly secretId: string
  readonly onPlugin: (pluginId: string) => void
}

/** Makes a collector: first the plugin, which then says what has to be asked. */
export function NewCollectorView({ pluginId, secretId, onPlugin }: NewCollectorViewProps) {
  const description = usePluginDescription(pluginId)
  return (
    <Page title="New collector">
      <div className="form">
        <PluginSelect
          none="choose …"
          hint="What collects. It says which options it has."
          isRequired
          value={pluginId}
          onValue={onPlugin}
        />
        {pluginId !== '' && (
          <Async of={description} lines={8}>
            {(of) => <NewCollectorForm key={of.plugin_id} of={of} secretId={secretId} />}
          </Async>
        )}
      </div>
    </Page>
  )
}
