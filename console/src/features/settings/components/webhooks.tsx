import { useState } from 'react'
import { Async } from '../../../components/ui/async.tsx'
import { type Column, DataTable } from '../../../components/ui/data-table.tsx'
import { Section } from '../../../components/ui/page.tsx'
import { Status } from '../../../components/ui/status.tsx'
import { formatCount } from '../../../format/count.ts'
import { useCreateSetting, useSettings, type Webhook } from '../api/use-settings.ts'
import { CreateForm } from './create-form.tsx'
import { DeleteSetting } from './delete-setting.tsx'

/** Where events are sent. */
export function Webhooks() {
  const webhooks = useSettings('webhook')
  const create = useCreateSetting('webhook')
  const [name, setName] = useState('')
  const [url, setUrl] = useState('')
  const [types, setTypes] = useState('')

  async function add() {
    const chosen = types.split(/[\s,]+/).filter((type) => type !== '')
    const { signing_key } = await create<{ signing_key: string }>({
      name: name.trim(),
      url: url.trim(),
      types: chosen,
    })
    setName('')
    setUrl('')
    setTypes('')
    return signing_key
  }

  return (
    <Section title="Webhooks" note="events, posted to an address and signed">
      <Async of={webhooks} lines={2}>
        {(rows) =>
          rows.length === 0 ? (
            <p className="fine">There is no webhook yet.</p>
          ) : (
            <DataTable caption="Webhooks" columns={COLUMNS} rows={rows} keyOf={(row) => row.webhook_id} />
          )
        }
      </Async>
      <CreateForm label="Add a webhook" onCreate={add}>
        <label>
          Webhook name
          <input required maxLength={255} value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        <label>
          Address
          <input
            required
            type="url"
            placeholder="https://"
            value={url}
            onChange={(event) => setUrl(event.target.value)}
          />
        </label>
        <label>
          Events
          <input
            placeholder="all"
            title="Types or nouns, such as job.ended resource"
            spellCheck={false}
            value={types}
            onChange={(event) => setTypes(event.target.value)}
          />
        </label>
      </CreateForm>
    </Section>
  )
}

const COLUMNS: readonly Column<Webhook>[] = [
  { heading: 'Name', cell: ({ name }) => name },
  { heading: 'Address', cell: ({ url }) => <span className="code">{url}</span> },
  { heading: 'Events', cell: ({ types }) => types.join(', ') || 'all', isExtra: true },
  {
    heading: 'State',
    cell: ({ enabled, disabled_reason }) => (
      <span title={disabled_reason}>
        <Status of={enabled ? 'ENABLED' : 'DISABLED'} />
      </span>
    ),
    isWhole: true,
  },
  { heading: 'Failures', align: 'right', cell: ({ failures }) => formatCount(failures) },
  {
    heading: 'Delete',
    cell: ({ webhook_id, name }) => (
      <DeleteSetting noun="webhook" word="webhook" name={name} request={{ webhook_id }}>
        Nothing is sent there any more. Its signing key and its log are deleted.
      </DeleteSetting>
    ),
  },
]
