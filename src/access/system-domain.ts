/**
 * The `domain_id` under which the server's own rows are stored, those that belong to no domain. No domain has
 * this id.
 */
export const SYSTEM_DOMAIN = 'system'
