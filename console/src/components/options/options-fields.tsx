import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { OptionSchema, OptionsSchema } from '../../api/options-schema.ts'
import { Field } from '../ui/field.tsx'
import { WithCode } from '../ui/with-code.tsx'
import { EmptyValue } from './empty-value.tsx'
import { isLikely, maskOf, mayBeEmpty } from './masked.ts'
import { OptionControl } from './option-control.tsx'
import { controlOf, type FieldValue, type FormValues } from './option-form.ts'

/**
 * Where there are more, only those that are required, or likely to be given, are not folded away. Schemas
 * come without an order.
 */
const SHOWN = 5

type OptionsFieldsProps = {
  readonly schema: OptionsSchema
  readonly values: FormValues
  /** What is wrong, by name; shown beside the field. */
  readonly problems: Readonly<Record<string, string>>
  readonly onValue: (name: string, value: FieldValue) => void
  /** The values are those of a secret: they are masked as they are typed. */
  readonly isSecret?: boolean
}

/**
 * A field for each option of a plugin: the required ones first, what is seldom needed below a fold. The
 * keyboard goes to the first one in which something is wrong.
 */
export function OptionsFields(props: OptionsFieldsProps) {
  const { schema, values, problems } = props
  const top = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (Object.keys(problems).length > 0)
      top.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [problems])
  const required = schema.required ?? []
  const names = Object.keys(schema.properties ?? {})
  if (names.length === 0) return <p className="fine">This plugin has no options.</p>
  const isLead = (name: string) =>
    names.length <= SHOWN || required.includes(name) || (props.isSecret === true && isLikely(name))
  const isFirst = (name: string) => Number(required.includes(name))
  const sorted = names.toSorted((a, b) => isFirst(b) - isFirst(a))
  const folded = sorted.filter((name) => !isLead(name))
  return (
    <div ref={top}>
      {sorted.filter(isLead).map((name) => (
        <OneField key={name} name={name} {...props} />
      ))}
      {folded.length > 0 && (
        <Folded
          count={folded.length}
          isFilled={folded.some((name) => isFilled(schema, values, name))}
          hasProblem={folded.some((name) => problems[name] !== undefined)}
        >
          {folded.map((name) => (
            <OneField key={name} name={name} {...props} />
          ))}
        </Folded>
      )}
    </div>
  )
}

type FoldedProps = {
  readonly count: number
  readonly isFilled: boolean
  readonly hasProblem: boolean
  readonly children: ReactNode
}

/** What is filled in from the start, or is wrong, is not hidden. */
function Folded({ count, isFilled, hasProblem, children }: FoldedProps) {
  const [isOpen, setIsOpen] = useState(isFilled)
  return (
    <details
      className="advanced"
      open={isOpen || hasProblem}
      onToggle={(event) => setIsOpen(event.currentTarget.open)}
    >
      <summary>Advanced ({count})</summary>
      {children}
    </details>
  )
}

function isFilled({ properties = {} }: OptionsSchema, values: FormValues, name: string): boolean {
  const value = values[name]
  if (typeof value === 'boolean') return value !== (properties[name]?.default === true)
  if (value === null) return true
  return value !== undefined && value.length > 0
}

function OneField({
  name,
  schema,
  values,
  problems,
  onValue,
  isSecret = false,
}: OptionsFieldsProps & { name: string }) {
  const option = schema.properties?.[name] ?? {}
  const { [name]: value = '' } = values
  const asksIfEmpty = isSecret && mayBeEmpty(name) && controlOf(option).is === 'text'
  return (
    <Field
      label={option.title ?? name}
      hint={hintOf(option)}
      isRequired={schema.required?.includes(name) ?? false}
      isInline={controlOf(option).is === 'switch'}
      problem={problems[name]}
    >
      {(ids) => (
        <>
          <OptionControl
            ids={ids}
            schema={option}
            mask={isSecret ? maskOf(name) : 'open'}
            value={value}
            onValue={(next) => onValue(name, next)}
          />
          {asksIfEmpty && (value === '' || value === null) && (
            <EmptyValue isEmpty={value === null} onValue={(next) => onValue(name, next)} />
          )}
        </>
      )}
    </Field>
  )
}

function hintOf(option: OptionSchema): ReactNode {
  const choosesAll =
    controlOf(option).is === 'choices' && Array.isArray(option.default) ? 'None chosen: the default.' : ''
  const text = [option.description ?? '', choosesAll].filter((part) => part !== '').join(' ')
  return text === '' ? '' : <WithCode text={text} />
}
