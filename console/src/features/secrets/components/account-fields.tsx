import { Field } from '../../../components/ui/field.tsx'
import { useAccounts } from '../api/use-accounts.ts'

/** To which account a secret belongs: one there is (an empty id for none), or a new one. */
export type AccountChoice =
  | { readonly is: 'one'; readonly id: string }
  | { readonly is: 'new'; readonly name: string; readonly provider: string; readonly accountId: string }

export const NO_ACCOUNT: AccountChoice = { is: 'one', id: '' }

const NEW = 'new'

type AccountFieldsProps = {
  /** Only accounts of this provider; empty for all. */
  readonly provider: string
  readonly value: AccountChoice
  readonly onValue: (choice: AccountChoice) => void
}

/** Chooses the service account of a secret, or describes a new one. */
export function AccountFields({ provider, value, onValue }: AccountFieldsProps) {
  const accounts = useAccounts()
  const those = (accounts.data ?? []).filter((each) => provider === '' || each.provider === provider)
  return (
    <>
      <Field
        label="Service account"
        hint="With one, a collector can use all secrets of its provider; without one, it names this secret."
      >
        {(ids) => (
          <select
            {...ids}
            value={value.is === 'new' ? NEW : value.id}
            onChange={({ target }) =>
              onValue(
                target.value === NEW
                  ? { is: 'new', name: '', provider, accountId: '' }
                  : { is: 'one', id: target.value },
              )
            }
          >
            <option value="">none</option>
            <option value={NEW}>a new one …</option>
            {those.map(({ service_account_id: id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      {value.is === 'new' &&
        FIELDS.map(([field, label, hint]) => (
          <Field key={field} label={label} hint={hint} isRequired>
            {(ids) => (
              <input
                {...ids}
                required
                maxLength={field === 'provider' ? 40 : 255}
                value={value[field]}
                onChange={(event) => onValue({ ...value, [field]: event.target.value })}
              />
            )}
          </Field>
        ))}
    </>
  )
}

const FIELDS = [
  ['name', 'Account name', 'For people, such as Production.'],
  ['provider', 'Provider', 'Such as aws.'],
  ['accountId', 'Account id', 'What identifies the account at its provider. Everybody who may look sees it.'],
] as const
