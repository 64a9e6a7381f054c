import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { Async } from '../../../components/ui/async.tsx'
import { type Column, DataTable } from '../../../components/ui/data-table.tsx'
import { EmptyState } from '../../../components/ui/notice.tsx'
import { Page } from '../../../components/ui/page.tsx'
import { Pager } from '../../../components/ui/pager.tsx'
import { Time } from '../../../components/ui/time.tsx'
import { type ServiceAccount, useAccounts } from '../api/use-accounts.ts'
import { type Secret, useSecrets } from '../api/use-secrets.ts'
import { Accounts } from './accounts.tsx'

/** What plugins log in with, and the accounts that this belongs to. */
export function SecretsView({ page, onPage }: { page: number; onPage: (page: number) => void }) {
  const secrets = useSecrets(page)
  const accounts = useAccounts()
  const columns = useMemo(() => columnsFor(accounts.data ?? []), [accounts.data])
  return (
    <Page
      title="Secrets"
      actions={
        <Link to="/secrets/new" className="button primary">
          New secret
        </Link>
      }
    >
      <p className="fine">
        Credentials that plugins log in with. Secret values are never shown. They go to the plugin that uses
        them, and nowhere else.
      </p>
      <Async of={secrets} lines={4}>
        {({ results, total_count }) =>
          total_count === 0 ? (
            <EmptyState title="There is no secret yet.">
              <p>Store the credentials of an account first; then a collector can use them.</p>
              <Link to="/secrets/new" className="button primary">
                New secret
              </Link>
            </EmptyState>
          ) : (
            <>
              <DataTable
                caption="Secrets"
                columns={columns}
                rows={results}
                keyOf={({ secret_id }) => secret_id}
              />
              <Pager page={page} total={total_count} noun="secret" onPage={onPage} />
            </>
          )
        }
      </Async>
      <Accounts />
    </Page>
  )
}

function columnsFor(accounts: readonly ServiceAccount[]): readonly Column<Secret>[] {
  const names = new Map(accounts.map(({ service_account_id, name }) => [service_account_id, name]))
  return [
    {
      heading: 'Name',
      cell: ({ secret_id: id, name }) => (
        <Link to="/secrets/$id" params={{ id }}>
          {name}
        </Link>
      ),
    },
    { heading: 'Provider', cell: ({ provider }) => provider || '–' },
    {
      heading: 'Service account',
      cell: ({ service_account_id: id }) => names.get(id) ?? (id || '–'),
    },
    { heading: 'Schema', cell: ({ schema }) => schema || '–', isExtra: true },
    { heading: 'Created', cell: ({ created_at }) => <Time at={created_at} />, isWhole: true },
  ]
}
