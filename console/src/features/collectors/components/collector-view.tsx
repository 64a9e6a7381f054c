import { Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Async } from '../../../components/ui/async.tsx'
import { Button } from '../../../components/ui/button.tsx'
import { ConfirmButton } from '../../../components/ui/confirm-button.tsx'
import { Facts } from '../../../components/ui/facts.tsx'
import { ErrorNotice } from '../../../components/ui/notice.tsx'
import { Page } from '../../../components/ui/page.tsx'
import { Status } from '../../../components/ui/status.tsx'
import { Time } from '../../../components/ui/time.tsx'
import type { Collector } from '../api/collector.ts'
import { useChangeCollector, useCollector } from '../api/use-collectors.ts'
import { OptionsSection } from './options-section.tsx'
import { PlanSection } from './plan-section.tsx'
import { RunButton } from './run-button.tsx'

/** One collector: what it is, and what can be done with it. What other nouns say of it comes as children. */
export function CollectorView({ id, children }: { id: string; children: ReactNode }) {
  const collector = useCollector(id)
  return (
    <Async of={collector} title={id} lines={8}>
      {(of) => (
        <Page title={of.name} kicker={<Kicker of={of} />} actions={<Actions of={of} />}>
          <Facts of={factsOf(of)} />
          <OptionsSection of={of} />
          {children}
          <PlanSection id={of.collector_id} />
        </Page>
      )}
    </Async>
  )
}

function Kicker({ of: { plugin_info } }: { of: Collector }) {
  return (
    <Link to="/plugins/$id" params={{ id: plugin_info.plugin_id }}>
      {plugin_info.plugin_id} {plugin_info.version}
    </Link>
  )
}

function factsOf({
  state,
  provider,
  priority,
  plugin_info: plugin,
  ...of
}: Collector): readonly (readonly [string, ReactNode])[] {
  return [
    ['State', <Status key="state" of={state} />],
    ['Provider', provider],
    ['Last collected', <Time key="last" at={of.last_collected_at} never="never" />],
    ['Created', <Time key="created" at={of.created_at} />],
    ['Priority', `${priority}, the lower wins`],
    ['New versions', plugin.upgrade_mode === 'AUTO' ? 'are taken over' : 'are not taken over'],
    ['Secrets', secretsOf(plugin)],
    ['Project', of.project_id],
    [
      'Id',
      <span key="id" className="code">
        {of.collector_id}
      </span>,
    ],
  ]
}

function secretsOf(plugin: Collector['plugin_info']): string {
  const { secret_id, secret_group_id, provider, service_account_id } = plugin
  const chosen = [
    secret_id,
    secret_group_id && `those of ${secret_group_id}`,
    provider && `those of provider ${provider}`,
    service_account_id && `those of ${service_account_id}`,
  ]
  return chosen.filter((part) => part !== '').join(', ') || 'none'
}

function Actions({ of }: { of: Collector }) {
  const change = useChangeCollector(of.collector_id)
  const navigate = useNavigate()
  const isEnabled = of.state === 'ENABLED'
  return (
    <>
      <RunButton of={of} look="primary" />
      <Button disabled={change.isPending} onClick={() => change.mutate(isEnabled ? 'disable' : 'enable')}>
        {isEnabled ? 'Disable' : 'Enable'}
      </Button>
      <ConfirmButton
        label="Delete …"
        look="plain"
        title={`Delete ${of.name}?`}
        confirm="Delete the collector"
        onConfirm={() => change.mutateAsync('delete').then(() => navigate({ to: '/collectors' }))}
      >
        <p>What it has collected stays, and its word counts last from then on. Its schedules go with it.</p>
      </ConfirmButton>
      {change.error !== null && <ErrorNotice error={change.error} />}
    </>
  )
}
