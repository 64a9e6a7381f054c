import type { ReactNode } from 'react'
import { useId } from 'react'

type FieldProps = {
  readonly label: string
  readonly hint?: ReactNode
  readonly isRequired?: boolean
  /** The control is a checkbox and stands before its label. */
  readonly isInline?: boolean
  /** What is wrong with what was typed. */
  readonly problem?: string | undefined
  /** The control; it takes the ids, so that label and hint are said with it. */
  readonly children: (ids: { id: string; 'aria-describedby': string | undefined }) => ReactNode
}

/** A control with its label above, and below it what is wrong and what is to be known. */
export function Field({ label, hint, isRequired = false, isInline = false, problem, children }: FieldProps) {
  const id = useId()
  const hintId = hint === undefined || hint === '' ? undefined : `${id}-hint`
  return (
    <div className={isInline ? 'field inline' : 'field'}>
      <label htmlFor={id} id={labelIdOf(id)}>
        {label}
        {isRequired && <span className="fine"> required</span>}
      </label>
      {children({ id, 'aria-describedby': hintId })}
      {problem !== undefined && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {hintId !== undefined && (
        <p id={hintId} className="fine">
          {hint}
        </p>
      )}
    </div>
  )
}

/** The id of a field's label: a group of controls is no control that a label could be for, and names itself by it. */
export function labelIdOf(id: string): string {
  return `${id}-label`
}
