/** What outlives the domain: the system administrator can still read who did what in it. */
export const KEPT = ['audit_head', 'audit_record'] as const

/** What a person made or can delete: while a domain has rows of these it is not deleted. */
export const HOLDINGS = [
  'api_key',
  'cloud_service',
  'cloud_service_type',
  'collector',
  'collector_rule',
  'collector_settings',
  'job',
  'job_task',
  'plugin',
  'plugin_version',
  'project',
  'region',
  'schedule',
  'secret',
  'secret_group',
  'secret_group_member',
  'service_account',
  'webhook',
  'webhook_delivery',
] as const

/**
 * What is left when everything that a person made or could delete is gone: evidence, history, the settings of
 * the domain itself and what the engine remembers of it. In an order in which foreign keys let it go. A table
 * that is in neither list keeps its domain from being deleted, which is the safe mistake.
 */
export const TRACES = [
  'sighting',
  'run',
  'contribution',
  'roster_page',
  'change_record',
  'unrecorded_change',
  'past_task',
  'read_failure',
  'coverage_cell',
  'ended_claim',
  'receipt',
  'hold',
  'acceptance',
  'claim_state',
  'filter_cache',
  'plugin_log',
  'plugin_process',
  'contributor',
  'secret_opening',
  'lane',
  'turn',
  'domain_settings',
  'event',
  'event_head',
] as const
