import type { ReactNode } from 'react'
import { useId } from 'react'

/** What a control takes over, so that its label, its hint and what is wrong with it are said with it. */
export type ControlIds = {
  readonly id: string
  readonly 'aria-describedby': string | undefined
  readonly 'aria-invalid': true | undefined
}

type FieldProps = {
  readonly label: string
  readonly hint?: ReactNode
  readonly isRequired?: boolean
  /** The control is a checkbox and stands before its label. */
  readonly isInline?: boolean
  /** What is wrong with what was typed. */
  readonly problem?: string | undefined
  /** The control. */
  readonly children: (ids: ControlIds) => ReactNode
}

/** A control with its label above, and below it what is wrong and what is to be known. */
export function Field({ label, hint, isRequired = false, isInline = false, problem, children }: FieldProps) {
  const id = useId()
  const hintId = hint === undefined || hint === '' ? undefined : `${id}-hint`
  const problemId = problem === undefined ? undefined : `${id}-problem`
  const described = [problemId, hintId].filter((each) => each !== undefined).join(' ')
  return (
    <div className={isInline ? 'field inline' : 'field'}>
      <label htmlFor={id} id={labelIdOf(id)}>
        {label}
        {isRequired && <span className="fine"> required</span>}
      </label>
      {children({
        id,
        'aria-describedby': described === '' ? undefined : described,
        'aria-invalid': problem === undefined ? undefined : true,
      })}
      {problemId !== undefined && (
        <p id={problemId} className="problem" role="alert">
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

/**
 * The id of a field's label: a group of controls is no control that a label could be for, and names itself by
 * it.
 */
export function labelIdOf(id: string): string {
  return `${id}-label`
}
