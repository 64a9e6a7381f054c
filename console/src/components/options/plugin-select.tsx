import type { ReactNode } from 'react'
import { usePluginChoices } from '../../api/use-plugin-choice.ts'
import { Async } from '../ui/async.tsx'
import { Field } from '../ui/field.tsx'

type PluginSelectProps = {
  readonly hint: ReactNode
  /** What stands for no plugin. */
  readonly none: string
  readonly isRequired?: boolean
  readonly value: string
  readonly onValue: (pluginId: string) => void
}

/** Chooses one of the plugins. */
export function PluginSelect({ hint, none, isRequired = false, value, onValue }: PluginSelectProps) {
  const plugins = usePluginChoices()
  return (
    <Async of={plugins} lines={2}>
      {(choices) => (
        <Field label="Plugin" hint={hint} isRequired={isRequired}>
          {(ids) => (
            <select {...ids} value={value} onChange={(event) => onValue(event.target.value)}>
              <option value="">{none}</option>
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
  )
}
