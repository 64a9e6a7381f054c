import { useNavigate } from '@tanstack/react-router'
import { Async } from '../../../components/ui/async.tsx'
import { ConfirmButton } from '../../../components/ui/confirm-button.tsx'
import { Facts } from '../../../components/ui/facts.tsx'
import { Page, Section } from '../../../components/ui/page.tsx'
import { Time } from '../../../components/ui/time.tsx'
import { useAccounts } from '../api/use-accounts.ts'
import { type Secret, useDeleteSecret, useSecret } from '../api/use-secrets.ts'
import { ReplaceValues } from './replace-values.tsx'

/** One secret: what is known of it, and new values for it. */
export function SecretView({ id }: { id: string }) {
  const secret = useSecret(id)
  const accounts = useAccounts()
  return (
    <Async of={secret} title={id} lines={6}>
      {(of) => (
        <Page title={of.name} kicker="Secret" actions={<DeleteSecret of={of} />}>
          <Facts
            of={[
              ['Values', 'Secret values are never shown.'],
              ['Provider', of.provider],
              ['Service account', accountNameOf(of, accounts.data ?? [])],
              ['Schema', of.schema],
              ['Project', of.project_id],
              ['Created', <Time key="created" at={of.created_at} isExact />],
              [
                'Id',
                <span key="id" className="code">
                  {of.secret_id}
                </span>,
              ],
            ]}
          />
          <Section title="Replace the values" note="after a rotation at the provider">
            <ReplaceValues of={of} />
          </Section>
        </Page>
      )}
    </Async>
  )
}

function accountNameOf(
  { service_account_id: id }: Secret,
  accounts: readonly { readonly service_account_id: string; readonly name: string }[],
): string {
  return accounts.find(({ service_account_id }) => service_account_id === id)?.name ?? id
}

function DeleteSecret({ of }: { of: Secret }) {
  const remove = useDeleteSecret(of.secret_id)
  const navigate = useNavigate()
  return (
    <ConfirmButton
      label="Delete …"
      look="plain"
      title={`Delete the secret ${of.name}?`}
      confirm="Delete secret"
      onConfirm={() => remove.mutateAsync().then(() => navigate({ to: '/secrets' }))}
    >
      <p>
        Its values are deleted for good. This is refused while a collector uses it. What was collected with it
        stays, and is unknown from then on.
      </p>
    </ConfirmButton>
  )
}
