import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Async } from '../../../components/ui/async.tsx'
import { CollectorLink } from '../../../components/ui/collector-link.tsx'
import { Document } from '../../../components/ui/document.tsx'
import { ExternalLink } from '../../../components/ui/external-link.tsx'
import { Facts } from '../../../components/ui/facts.tsx'
import { Page, Section } from '../../../components/ui/page.tsx'
import { Status } from '../../../components/ui/status.tsx'
import { Time } from '../../../components/ui/time.tsx'
import { kindOf } from '../../../format/kind.ts'
import type { Resource } from '../api/resource.ts'
import { withKind } from '../api/search-text.ts'
import { useResource } from '../api/use-resource.ts'

/** One resource: what is known of it, who says so, and what happened to it. */
export function ResourceView({ id, children }: { id: string; children: ReactNode }) {
  const resource = useResource(id)
  return (
    <Async of={resource} title={id} lines={10}>
      {(of) => (
        <Page
          title={of.name || of.cloud_service_id}
          kicker={<Kind of={of} />}
          actions={<Status of={of.state} />}
        >
          <Facts of={factsOf(of)} />
          <Section title="Who reports it">
            <Reporters of={of} />
          </Section>
          {children}
          {(['data', 'tags', 'metadata'] as const).map(
            (part) =>
              Object.keys(of[part]).length > 0 && (
                <Section
                  key={part}
                  title={part === 'data' ? 'Document' : part === 'tags' ? 'Tags' : 'Metadata'}
                >
                  <Document of={of[part]} />
                </Section>
              ),
          )}
        </Page>
      )}
    </Async>
  )
}

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
    ['First seen', <Time key="created" at={of.created_at} />],
    ['Last changed', <Time key="updated" at={of.updated_at} />],
    ['Deleted', of.deleted_at === '' ? '' : <Time key="deleted" at={of.deleted_at} />],
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
    return <p>{of.state === 'DELETED' ? 'Nobody any more.' : 'No collector: it was made by hand.'}</p>
  return (
    <ul className="plain">
      {of.collection_info.map(({ collector_id, secret_id, last_collected_at }) => (
        <li key={`${collector_id} ${secret_id}`}>
          <CollectorLink id={collector_id} />{' '}
          {secret_id !== '' && <span className="code">with {secret_id} </span>}
          <span className="fine">
            seen <Time at={last_collected_at} />
          </span>
        </li>
      ))}
    </ul>
  )
}
