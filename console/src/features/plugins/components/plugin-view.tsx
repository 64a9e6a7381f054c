import { Async } from '../../../components/ui/async.tsx'
import { type Column, DataTable } from '../../../components/ui/data-table.tsx'
import { Facts } from '../../../components/ui/facts.tsx'
import { Page, Section } from '../../../components/ui/page.tsx'
import { Status } from '../../../components/ui/status.tsx'
import { Time } from '../../../components/ui/time.tsx'
import { type PluginProcess, usePlugin } from '../api/use-plugins.ts'

const SHOWN_VERSIONS = 10

/** One plugin: where it comes from, its versions, and how its processes are. */
export function PluginView({ id }: { id: string }) {
  const found = usePlugin(id)
  return (
    <Async of={found} title={id} lines={6}>
      {({ plugin, versions, processes }) => (
        <Page title={plugin.name} kicker={plugin.plugin_id} status={<Status of={plugin.state} />}>
          <Facts
            of={[
              ['Provider', plugin.provider],
              [
                'Image',
                <span key="image" className="code">
                  {plugin.image}
                </span>,
              ],
              ['Versions', versions.slice(0, SHOWN_VERSIONS).join(', ')],
              ['Labels', plugin.labels.join(', ')],
            ]}
          />
          <Section title="Processes">
            {processes.length === 0 ? (
              <p>No process has run it since the server started.</p>
            ) : (
              <DataTable
                caption="Processes"
                columns={COLUMNS}
                rows={processes}
                keyOf={({ process_id }) => process_id}
              />
            )}
          </Section>
        </Page>
      )}
    </Async>
  )
}

const MIB = 1_048_576

const COLUMNS: readonly Column<PluginProcess>[] = [
  {
    heading: 'Version',
    cell: ({ version, failure, failed_at }) => (
      <>
        {version}
        {failure !== '' && (
          <p className="reason">
            Failed <Time at={failed_at} />: {failure}
          </p>
        )}
      </>
    ),
  },
  { heading: 'State', cell: ({ state }) => <Status of={state} />, isWhole: true },
  { heading: 'Health', cell: ({ health }) => <Status of={health} />, isWhole: true },
  {
    heading: 'Memory',
    align: 'right',
    cell: ({ memory_bytes }) => `${Math.round(Number(memory_bytes) / MIB)} MiB`,
  },
  { heading: 'Deaths', align: 'right', isExtra: true, cell: ({ deaths }) => deaths },
  { heading: 'Started', cell: ({ started_at }) => <Time at={started_at} />, isWhole: true },
  { heading: 'On', isExtra: true, cell: ({ host_id }) => <span className="code">{host_id}</span> },
]
