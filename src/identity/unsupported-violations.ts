import { type GleanerError, InvalidParameter } from '../core/errors.ts'

const REASONS: Readonly<Record<string, string>> = {
  project_group_id: 'this server has no project groups',
  user_id: 'this server has no users',
  role_id: 'this server has no roles',
  trusted_service_account_id: 'this server does not combine service accounts',
  release_trusted_service_account:
    'this server does not combine service accounts, so there is nothing to release',
  trusted_secret_id: 'this server does not combine secrets',
}

/**
 * Fields of the contract that nothing stands behind here are refused when they are used, instead of being
 * ignored.
 */
export function unsupportedViolations(given: Readonly<Record<string, string | boolean>>): GleanerError[] {
  return Object.entries(given)
    .filter(([, value]) => value !== '' && value !== false)
    .map(([key]) => new InvalidParameter(key, `${REASONS[key] ?? 'it is not supported'}. Leave it out`))
}
