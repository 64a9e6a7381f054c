import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { AsOf } from '../../../components/ui/as-of.tsx'
import { Async } from '../../../components/ui/async.tsx'
import { CollectorLink } from '../../../components/ui/collector-link.tsx'
import { Document } from '../../../components/ui/document.tsx'
import { ExternalLink } from '../../../components/ui/external-link.tsx'
import { Facts } from '../../../components/ui/facts.tsx'
import { Page, Section } from '../../../components/ui/page.tsx'
import { PastLine } from '../../../components/ui/past-line.tsx'
import { Status } from '../../../components/ui/status.tsx'
import { Time } from '../../../components/ui/time.tsx'
import { kindOf } from '../../../format/kind.ts'
import type { Resource } from '../api/resource.ts'
import { withKind } from '../api/search-text.ts'
import { useResource } from '../api/use-resource.ts'
import { Relations } from './relations.tsx'
import { UndoDeletion } from './undo-deletion.tsx'

type ResourceViewProps = {
  readonly id: string
  /** The instant that is looked at; empty is now. */
  readonly at: string
  readonly onAt: (at: string) => void
  /** What other nouns say of it. */
  readonly children: ReactNode
}

/** One resource: what is known of it, who says so, and what happened to it. */
export function ResourceView({ id, at, onAt, children }: ResourceViewProps) {
  const found = useResource(id, at)
  return (
    <Async of={found} title={id} lines={10} actions={at !== '' && <AsOf at={at} onAt={onAt} />}>
      {({ resource: of, past }) => (
        <Page
          title={of.name || of.cloud_service_id}
          kicker={<Kind of={of} />}
          status={<Status of={of.state} />}
          actions={
            <>
              <AsOf at={at} onAt={onAt} />
              {past === undefined && of.state === 'DELETED' && (
                <UndoDeletion id={id} name={of.name || of.cloud_service_id} />
              )}
            </>
          }
        >
          {past !== undefined && <PastLine of={past} />}
          <Facts of={factsOf(of)} />
          {past === undefined && (
            <Section title="Reported by">
              <Reporters of={of} />
            </Section>
          )}
          <Relations of={of} />
          {children}
          {PARTS.map(
            ([part, title]) =>
              Object.keys(of[part] ?? {}).length > 0 && (
                <Section key={part} title={title}>
                  <Document of={of[part]} />
                </Section>
              ),
          )}
        </Page>
      )}
    </Async>
  )
}

const PARTS = [
  ['data', 'Document'],
  ['tags', 'Tags'],
  ['metadata', 'Metadata'],
] as const

function Kind({ of }: { of: Resource }) {
  return (
    <Link to="/resources" search={{ text: withKind('', of) }}>
      {kindOf(of)}
    </Link>
  )
}

function factsOf(of: Resource): readonly (readonly [string, ReactNode])[] {
  return [
    ['Region', of.region_code],
    ['Account', of.account],
    ['Addresses', of.ip_addresses.join(', ')],
    [
      'Size',
      [of.instance_type, of.instance_size > 0 ? String(of.instance_size) : ''].filter(Boolean).join(', '),
    ],
    ['First seen', <Time key="created" at={of.created_at} isExact />],
    ['Last changed', <Time key="updated" at={of.updated_at} isExact />],
    ['Deleted', of.deleted_at === '' ? '' : <Time key="deleted" at={of.deleted_at} isExact />],
    [
      'Id at the provider',
      of.reference.resource_id && <span className="code">{of.reference.resource_id}</span>,
    ],
    ['Link', of.reference.external_link && <ExternalLink to={of.reference.external_link} />],
    ['Project', of.project_id],
    [
      'Id',
      <span key="id" className="code">
        {of.cloud_service_id}
      </span>,
    ],
  ]
}

function Reporters({ of }: { of: Resource }) {
  if (of.collection_info.length === 0)
    return (
      <p>
        {of.state === 'DELETED' ? 'No collector reports it any more.' : 'No collector: it was made by hand.'}
      </p>
    )
  return (
    <ul className="plain">
      {of.collection_info.map(({ collector_id, secret_id, last_collected_at }) => (
        <li key={`${collector_id} ${secret_id}`}>
          <CollectorLink id={collector_id} />{' '}
          {secret_id !== '' && <span className="code">with {secret_id} </span>}
          <span className="fine">
            seen <Time at={last_collected_at} isExact />
          </span>
        </li>
      ))}
    </ul>
  )
}
