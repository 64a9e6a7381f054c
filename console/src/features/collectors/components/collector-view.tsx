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
import { RetireButton } from './retire-button.tsx'
import { RunButton } from './run-button.tsx'

/** One collector: what it is, and what can be done with it. What other nouns say of it comes as children. */
export function CollectorView({ id, children }: { id: string; children: ReactNode }) {
  const collector = useCollector(id)
  return (
    <Async of={collector} title={id} lines={8}>
      {(of) => (
        <Page
          title={of.name}
          kicker={<Kicker of={of} />}
          status={<Status of={of.state} />}
          actions={<Actions of={of} />}
        >
          <Facts of={factsOf(of)} />
          <OptionsSection of={of} />
          {children}
          <PlanSection key={JSON.stringify(of.plugin_info.options)} id={of.collector_id} />
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
  provider,
  priority,
  plugin_info: plugin,
  ...of
}: Collector): readonly (readonly [string, ReactNode])[] {
  return [
    ['Provider', provider],
    ['Last collected', <Time key="last" at={of.last_collected_at} never="never" isExact />],
    ['Created', <Time key="created" at={of.created_at} isExact />],
    ['Priority', `${priority} (lower wins)`],
    ['New versions', plugin.upgrade_mode === 'AUTO' ? 'used automatically' : 'not used automatically'],
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
    secret_group_id && `all of group ${secret_group_id}`,
    provider && `all of provider ${provider}`,
    service_account_id && `all of service account ${service_account_id}`,
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
      <RetireButton of={of} />
      <ConfirmButton
        label="Delete …"
        look="plain"
        title={`Delete ${of.name}?`}
        confirm="Delete collector"
        onConfirm={() => change.mutateAsync('delete').then(() => navigate({ to: '/collectors' }))}
      >
        <p>
          Its schedules are deleted with it, and jobs that run are canceled. What it has collected stays, and
          nobody looks any more whether it still exists. To delete that too, retire it first.
        </p>
      </ConfirmButton>
      {change.error !== null && <ErrorNotice error={change.error} />}
    </>
  )
}
