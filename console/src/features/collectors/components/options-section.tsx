import { type SubmitEvent, useState } from 'react'
import { toFormValues, toOptions } from '../../../components/options/option-form.ts'
import { OptionsFields } from '../../../components/options/options-fields.tsx'
import { Button } from '../../../components/ui/button.tsx'
import { Document } from '../../../components/ui/document.tsx'
import { ErrorNotice } from '../../../components/ui/notice.tsx'
import { Section } from '../../../components/ui/page.tsx'
import type { Collector } from '../api/collector.ts'
import { useChangeOptions } from '../api/use-save-collector.ts'

/** The options of a collector, and a form to change them where the plugin says what they are. */
export function OptionsSection({ of }: { of: Collector }) {
  const [isChanging, setIsChanging] = useState(false)
  const schema = of.plugin_info.metadata?.options_schema
  const options = of.plugin_info.options ?? {}
  const isChangeable = Object.keys(schema?.properties ?? {}).length > 0
  return (
    <Section
      title="Options"
      actions={
        isChangeable && !isChanging && <Button onClick={() => setIsChanging(true)}>Change options</Button>
      }
    >
      {isChanging ? (
        <OptionsForm of={of} onEnd={() => setIsChanging(false)} />
      ) : Object.keys(options).length === 0 ? (
        <p className="fine">The defaults of the plugin.</p>
      ) : (
        <Document of={options} />
      )}
    </Section>
  )
}

function OptionsForm({ of, onEnd }: { of: Collector; onEnd: () => void }) {
  const schema = of.plugin_info.metadata?.options_schema ?? {}
  const before = of.plugin_info.options ?? {}
  const [values, setValues] = useState(() => toFormValues(schema, before))
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({})
  const change = useChangeOptions(of.collector_id)

  function submit(event: SubmitEvent) {
    event.preventDefault()
    const read = toOptions(schema, values, { before })
    setProblems(read.problems)
    if (Object.keys(read.problems).length === 0) change.mutate(read.options, { onSuccess: onEnd })
  }

  return (
    <form className="form" onSubmit={submit}>
      <p className="fine">
        What is not seen with the new options stays in the inventory, as unknown, until it is seen again or
        retired.
      </p>
      <OptionsFields
        schema={schema}
        values={values}
        problems={problems}
        onValue={(name, value) => setValues((now) => ({ ...now, [name]: value }))}
      />
      {change.error !== null && <ErrorNotice error={change.error} />}
      <div className="actions">
        <Button type="submit" look="primary" disabled={change.isPending}>
          Save
        </Button>
        <Button onClick={onEnd}>Cancel</Button>
      </div>
    </form>
  )
}
