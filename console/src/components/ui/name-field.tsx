import { Field } from './field.tsx'

type NameFieldProps = { readonly value: string; readonly onValue: (name: string) => void }

/** What something new is to be called. */
export function NameField({ value, onValue }: NameFieldProps) {
  return (
    <Field label="Name" isRequired>
      {(ids) => (
        <input
          {...ids}
          required
          maxLength={255}
          value={value}
          onChange={(event) => onValue(event.target.value)}
        />
      )}
    </Field>
  )
}
