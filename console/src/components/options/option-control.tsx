import type { OptionSchema } from '../../api/options-schema.ts'
import { inWords } from '../../format/value.ts'
import { type ControlIds, labelIdOf } from '../ui/field.tsx'
import { MaskedInput } from '../ui/masked-input.tsx'
import type { maskOf } from './masked.ts'
import { controlOf, type FieldValue } from './option-form.ts'

type OptionControlProps = {
  readonly ids: ControlIds
  readonly schema: OptionSchema
  /** How it is typed; what is chosen among given values is never masked. Default: for all to see. */
  readonly mask?: ReturnType<typeof maskOf>
  readonly value: FieldValue
  readonly onValue: (value: FieldValue) => void
}

/** The control for one option of a plugin. */
export function OptionControl({ ids, schema, mask = 'open', value, onValue }: OptionControlProps) {
  const control = controlOf(schema)
  const text = value === null ? '' : String(value)
  const fallback = schema.default === undefined ? '' : inWords(schema.default)
  switch (control.is) {
    case 'switch':
      return (
        <input
          {...ids}
          type="checkbox"
          checked={value === true}
          onChange={(event) => onValue(event.target.checked)}
        />
      )
    case 'choice':
      return (
        <select {...ids} value={text} onChange={(event) => onValue(event.target.value)}>
          <option value="">{fallback === '' ? '–' : `default: ${fallback}`}</option>
          {control.of.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      )
    case 'choices':
      return <Choices ids={ids} of={control.of} value={Array.isArray(value) ? value : []} onValue={onValue} />
    case 'lines':
    case 'json':
      return (
        <textarea
          {...ids}
          className={mask === 'open' ? undefined : 'masked'}
          rows={3}
          spellCheck={false}
          autoComplete="off"
          placeholder={control.is === 'lines' ? 'one per line' : fallback || 'JSON'}
          value={text}
          onChange={(event) => onValue(event.target.value)}
        />
      )
    case 'number':
    case 'text':
      if (mask === 'lines')
        return (
          <textarea
            {...ids}
            className="masked"
            rows={3}
            spellCheck={false}
            autoComplete="off"
            value={text}
            onChange={(event) => onValue(event.target.value)}
          />
        )
      if (mask === 'line')
        return <MaskedInput {...ids} value={text} onChange={(event) => onValue(event.target.value)} />
      return (
        <input
          type="text"
          {...ids}
          inputMode={control.is === 'number' ? 'decimal' : 'text'}
          spellCheck={false}
          autoComplete="off"
          placeholder={fallback}
          value={text}
          onChange={(event) => onValue(event.target.value)}
        />
      )
  }
}

type ChoicesProps = Pick<OptionControlProps, 'ids' | 'onValue'> & {
  readonly of: readonly string[]
  readonly value: readonly string[]
}

function Choices({ ids: { 'aria-invalid': _, ...ids }, of, value, onValue }: ChoicesProps) {
  const toggle = (name: string) =>
    onValue(value.includes(name) ? value.filter((each) => each !== name) : [...value, name])
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would say its legend twice, and the label is above
    <div className="choices" role="group" aria-labelledby={labelIdOf(ids.id)} {...ids}>
      {of.map((each) => (
        <label key={each}>
          <input type="checkbox" checked={value.includes(each)} onChange={() => toggle(each)} /> {each}
        </label>
      ))}
    </div>
  )
}
