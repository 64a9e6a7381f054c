import { type SubmitEvent, useState } from 'react'
import { Async } from '../../../components/ui/async.tsx'
import { Button } from '../../../components/ui/button.tsx'
import { ConfirmButton } from '../../../components/ui/confirm-button.tsx'
import { type Column, DataTable } from '../../../components/ui/data-table.tsx'
import { ErrorNotice } from '../../../components/ui/notice.tsx'
import { Section } from '../../../components/ui/page.tsx'
import { inWords } from '../../../format/value.ts'
import { type ServiceAccount, useAccounts, useChangeAccounts } from '../api/use-accounts.ts'

/**
 * Accounts at providers: what secrets belong to, and by what a collector can choose all secrets of a
 * provider.
 */
export function Accounts() {
  const accounts = useAccounts()
  return (
    <Section
      title="Service accounts"
      note="accounts at providers; a secret takes over the provider of its account"
    >
      <Async of={accounts} lines={2}>
        {(list) =>
          list.length === 0 ? (
            <p className="fine">There is no service account yet. A new secret can bring one along.</p>
          ) : (
            <DataTable
              caption="Service accounts"
              columns={COLUMNS}
              rows={list}
              keyOf={({ service_account_id }) => service_account_id}
            />
          )
        }
      </Async>
      <AddAccount />
    </Section>
  )
}

const COLUMNS: readonly Column<ServiceAccount>[] = [
  { heading: 'Name', cell: ({ name }) => name },
  { heading: 'Provider', cell: ({ provider }) => provider },
  {
    heading: 'Account',
    cell: ({ data }) => (
      <span className="code">{inWords(Object.keys(data).length === 1 ? Object.values(data)[0] : data)}</span>
    ),
  },
  { heading: 'Delete', cell: (account) => <DeleteAccount of={account} /> },
]

function DeleteAccount({ of: { service_account_id: id, name } }: { of: ServiceAccount }) {
  const { remove } = useChangeAccounts()
  return (
    <ConfirmButton
      label="Delete …"
      look="plain"
      title={`Delete the service account ${name}?`}
      confirm="Delete service account"
      onConfirm={() => remove.mutateAsync(id)}
    >
      <p>This is refused while a secret belongs to it. What was collected stays.</p>
    </ConfirmButton>
  )
}

function AddAccount() {
  const { create } = useChangeAccounts()
  const [name, setName] = useState('')
  const [provider, setProvider] = useState('')
  const [accountId, setAccountId] = useState('')

  function submit(event: SubmitEvent) {
    event.preventDefault()
    create.mutate({ name: name.trim(), provider: provider.trim(), accountId: accountId.trim() })
    setName('')
    setAccountId('')
  }

  return (
    <form className="filters" onSubmit={submit}>
      <label>
        Account name
        <input required className="short" value={name} onChange={(event) => setName(event.target.value)} />
      </label>
      <label>
        Provider
        <input
          required
          className="short"
          placeholder="aws"
          value={provider}
          onChange={(event) => setProvider(event.target.value)}
        />
      </label>
      <label>
        Account id
        <input
          required
          className="short"
          value={accountId}
          onChange={(event) => setAccountId(event.target.value)}
        />
      </label>
      <Button type="submit" disabled={create.isPending}>
        Add a service account
      </Button>
      {create.error !== null && <ErrorNotice error={create.error} />}
    </form>
  )
}
