type EmptyValueProps = {
  readonly isEmpty: boolean
  readonly onValue: (value: null | '') => void
}

/** Says of a field without text that its value is the empty one; otherwise there is no value. */
export function EmptyValue({ isEmpty, onValue }: EmptyValueProps) {
  return (
    <label className="fine">
      <input
        type="checkbox"
        checked={isEmpty}
        onChange={(event) => onValue(event.target.checked ? null : '')}
      />{' '}
      Store it empty
    </label>
  )
}
