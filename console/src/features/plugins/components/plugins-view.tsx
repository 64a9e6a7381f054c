import { Link } from '@tanstack/react-router'
import { Async } from '../../../components/ui/async.tsx'
import { type Column, DataTable } from '../../../components/ui/data-table.tsx'
import { Page } from '../../../components/ui/page.tsx'
import { Status } from '../../../components/ui/status.tsx'
import { type Plugin, usePlugins } from '../api/use-plugins.ts'

/** What can be collected with. */
export function PluginsView() {
  const plugins = usePlugins()
  return (
    <Page title="Plugins">
      <Async of={plugins} lines={7}>
        {({ results }) => (
          <DataTable
            caption="Plugins"
            columns={COLUMNS}
            rows={results}
            keyOf={({ plugin_id }) => plugin_id}
          />
        )}
      </Async>
      <p className="fine">
        Register others with <span className="code">gleaner plugins register</span>.
      </p>
    </Page>
  )
}

const COLUMNS: readonly Column<Plugin>[] = [
  {
    heading: 'Name',
    cell: ({ plugin_id, name }) => (
      <Link to="/plugins/$id" params={{ id: plugin_id }}>
        {name}
      </Link>
    ),
  },
  { heading: 'Provider', cell: ({ provider }) => provider || '–' },
  { heading: 'Image', cell: ({ image }) => <span className="code">{image}</span> },
  { heading: 'State', cell: ({ state }) => <Status of={state} />, isWhole: true },
]
