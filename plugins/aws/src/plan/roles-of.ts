import type { Context } from '../options.ts'

/**
 * Roles that are assumed from the secret on: those of the secret itself, and the one in each account that it
 * does not open.
 */
export function rolesOf(
  { options, secretData }: Pick<Context, 'options' | 'secretData'>,
  others: readonly { readonly account: string; readonly partition: string }[],
): readonly string[] {
  const { account_role: role } = options
  const ofAccounts = others.map(({ account, partition }) =>
    role.startsWith('arn:')
      ? role.replaceAll('{account}', account)
      : `arn:${partition}:iam::${account}:role/${role}`,
  )
  const ofSecret = [secretData.role_arn, ...secretData.roles.map(({ role_arn }) => role_arn)]
  return [...new Set([...ofSecret.filter((each) => each !== undefined), ...ofAccounts])]
}
