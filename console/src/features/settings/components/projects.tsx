import { useState } from 'react'
import { Async } from '../../../components/ui/async.tsx'
import { type Column, DataTable } from '../../../components/ui/data-table.tsx'
import { Section } from '../../../components/ui/page.tsx'
import { Time } from '../../../components/ui/time.tsx'
import { type Project, useCreateSetting, useSettings } from '../api/use-settings.ts'
import { CreateForm } from './create-form.tsx'
import { DeleteSetting } from './delete-setting.tsx'

/** Whose resources are. */
export function Projects() {
  const projects = useSettings('project')
  const create = useCreateSetting('project')
  const [name, setName] = useState('')

  async function add() {
    await create<Project>({ name: name.trim() })
    setName('')
    return undefined
  }

  return (
    <Section title="Projects" note="whose a resource is; secrets and service accounts belong to one">
      <Async of={projects} lines={2}>
        {(rows) =>
          rows.length === 0 ? (
            <p className="fine">There is no project yet.</p>
          ) : (
            <DataTable caption="Projects" columns={COLUMNS} rows={rows} keyOf={(row) => row.project_id} />
          )
        }
      </Async>
      <CreateForm label="Add a project" onCreate={add}>
        <label>
          Project name
          <input required maxLength={255} value={name} onChange={(event) => setName(event.target.value)} />
        </label>
      </CreateForm>
    </Section>
  )
}

const COLUMNS: readonly Column<Project>[] = [
  { heading: 'Name', cell: ({ name }) => name },
  { heading: 'Id', cell: ({ project_id }) => <span className="code">{project_id}</span> },
  { heading: 'Created', cell: ({ created_at }) => <Time at={created_at} />, isWhole: true },
  {
    heading: 'Delete',
    cell: ({ project_id, name }) => (
      <DeleteSetting noun="project" word="project" name={name} request={{ project_id }}>
        Nothing may belong to it any more but resources, which keep its id.
      </DeleteSetting>
    ),
  },
]
