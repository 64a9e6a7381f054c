import { Field } from '../../../components/ui/field.tsx'
import { controlOf, type FieldValue, type FormValues } from '../api/option-form.ts'
import type { OptionSchema, OptionsSchema } from '../api/options-schema.ts'
import { OptionControl } from './option-control.tsx'

type OptionsFieldsProps = {
  readonly schema: OptionsSchema
  readonly values: FormValues
  /** What is wrong, by name; shown beside the field. */
  readonly problems: Readonly<Record<string, string>>
  readonly onValue: (name: string, value: FieldValue) => void
}

/** A field for each option of a plugin, the required ones first. */
export function OptionsFields({ schema, values, problems, onValue }: OptionsFieldsProps) {
  const required = schema.required ?? []
  const options = Object.entries(schema.properties ?? {})
  const sorted = [
    ...options.filter(([name]) => required.includes(name)),
    ...options.filter(([name]) => !required.includes(name)),
  ]
  if (sorted.length === 0) return <p className="fine">This plugin names no options.</p>
  return sorted.map(([name, option]) => (
    <Field key={name} label={option.title ?? name} hint={hintOf(option)} isRequired={required.includes(name)}>
      {(ids) => (
        <>
          <OptionControl
            ids={ids}
            schema={option}
            value={values[name] ?? ''}
            onValue={(value) => onValue(name, value)}
          />
          {problems[name] !== undefined && (
            <p className="problem" role="alert">
              {problems[name]}
            </p>
          )}
        </>
      )}
    </Field>
  ))
}

function hintOf(option: OptionSchema): string {
  const choosesAll =
    controlOf(option).is === 'choices' && Array.isArray(option.default) ? 'None chosen: the default.' : ''
  return [option.description ?? '', choosesAll].filter((part) => part !== '').join(' ')
}
