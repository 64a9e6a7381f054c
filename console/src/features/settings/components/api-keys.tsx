import { useState } from 'react'
import { Async } from '../../../components/ui/async.tsx'
import { type Column, DataTable } from '../../../components/ui/data-table.tsx'
import { Section } from '../../../components/ui/page.tsx'
import { Status } from '../../../components/ui/status.tsx'
import { Time } from '../../../components/ui/time.tsx'
import { type ApiKey, useCreateSetting, useSettings } from '../api/use-settings.ts'
import { CreateForm } from './create-form.tsx'
import { DeleteSetting } from './delete-setting.tsx'

const ROLES = {
  VIEWER: 'viewer: reads',
  OPERATOR: 'operator: also runs and cancels',
  ADMIN: 'admin: also changes everything',
} as const

/**
 * Who may call. On an open server there is none: the first key closes it, and is made where it can be kept.
 */
export function ApiKeys({ isOpen }: { isOpen: boolean }) {
  return (
    <Section title="API keys" note="who may do what in this domain">
      {isOpen ? (
        <p>
          This server is open: whoever reaches it may do everything. The first key closes it for everybody
          without one, so create it where you can keep it:{' '}
          <span className="code">gleaner keys create NAME --system</span>
        </p>
      ) : (
        <Keys />
      )}
    </Section>
  )
}

function Keys() {
  const keys = useSettings('api-key')
  const create = useCreateSetting('api-key')
  const [name, setName] = useState('')
  const [role, setRole] = useState('VIEWER')

  async function add() {
    const { api_key } = await create<{ api_key: string }>({ name: name.trim(), role })
    setName('')
    return api_key
  }

  return (
    <>
      <Async of={keys} lines={2}>
        {(rows) =>
          rows.length === 0 ? (
            <p className="fine">This domain has no key of its own yet.</p>
          ) : (
            <DataTable caption="API keys" columns={COLUMNS} rows={rows} keyOf={(row) => row.api_key_id} />
          )
        }
      </Async>
      <CreateForm label="Add a key" onCreate={add}>
        <label>
          Key name
          <input required maxLength={255} value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        <label>
          Role
          <select value={role} onChange={(event) => setRole(event.target.value)}>
            {Object.entries(ROLES).map(([each, words]) => (
              <option key={each} value={each}>
                {words}
              </option>
            ))}
          </select>
        </label>
      </CreateForm>
    </>
  )
}

const COLUMNS: readonly Column<ApiKey>[] = [
  { heading: 'Name', cell: ({ name }) => name },
  { heading: 'Role', cell: ({ role }) => role.toLowerCase(), isWhole: true },
  { heading: 'State', cell: ({ state }) => <Status of={state} />, isWhole: true },
  { heading: 'Ends in', cell: ({ hint }) => <span className="code">{hint}</span>, isExtra: true },
  { heading: 'Expires', cell: ({ expires_at }) => <Time at={expires_at} never="never" /> },
  { heading: 'Last used', cell: ({ last_used_at }) => <Time at={last_used_at} never="never" /> },
  {
    heading: 'Delete',
    cell: ({ api_key_id, name }) => (
      <DeleteSetting noun="api-key" word="key" name={name} request={{ api_key_id }}>
        Whoever uses it is refused within seconds.
      </DeleteSetting>
    ),
  },
]
