import { Field } from '../../../components/ui/field.tsx'
import type { Parts, RetiredPart } from '../api/retirement.ts'

type PartChoiceProps = {
  /** Null where there are more lists than can be chosen from, undefined while they are read. */
  readonly parts: Parts | null | undefined
  readonly part: RetiredPart
  readonly onPart: (part: RetiredPart) => void
}

/** Which part of what a collector has reported is let go of; all of it at first. */
export function PartChoice({ parts, part, onPart }: PartChoiceProps) {
  if (parts === undefined) return null
  if (parts === null)
    return (
      <p className="fine">There are too many lists to choose a part of them here: gleaner retire does it.</p>
    )
  return (
    <fieldset className="plain">
      <legend>Of all that it reported, or only of</legend>
      <NameChoice
        label="Kind"
        names={[...parts.kinds.keys()]}
        value={part.kind}
        onName={(kind) => onPart({ ...part, kind })}
      />
      <NameChoice
        label="Account"
        names={parts.accounts}
        value={part.account}
        onName={(account) => onPart({ ...part, account })}
      />
      <NameChoice
        label="Region"
        names={parts.regions}
        value={part.region}
        onName={(region) => onPart({ ...part, region })}
      />
      <label className="choice">
        <input
          type="checkbox"
          checked={part.isUnknownOnly}
          onChange={(event) => onPart({ ...part, isUnknownOnly: event.target.checked })}
        />{' '}
        Only what no run can miss since the options, the plugin version or the secret changed
      </label>
    </fieldset>
  )
}

type NameChoiceProps = {
  readonly label: string
  readonly names: readonly string[]
  readonly value: string
  readonly onName: (name: string) => void
}

function NameChoice({ label, names, value, onName }: NameChoiceProps) {
  if (names.length < 2) return null
  return (
    <Field label={label}>
      {(ids) => (
        <select {...ids} value={value} onChange={(event) => onName(event.target.value)}>
          <option value="">all</option>
          {names.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
