import type { Case } from '../case.ts'
import { API_KEY_CASES } from './api-key.ts'
import { AUDIT_CASES } from './audit.ts'
import { CHANGE_HISTORY_CASES } from './change-history.ts'
import { CLOUD_SERVICE_CASES } from './cloud-service.ts'
import { CLOUD_SERVICE_TYPE_CASES } from './cloud-service-type.ts'
import { COLLECTOR_CASES } from './collector.ts'
import { COLLECTOR_PLAN_CASES } from './collector-plan.ts'
import { COLLECTOR_RULE_CASES } from './collector-rule.ts'
import { COLLECTOR_SETTINGS_CASES } from './collector-settings.ts'
import { COVERAGE_CASES } from './coverage.ts'
import { DOMAIN_CASES } from './domain.ts'
import { GLEANER_CASES } from './gleaner.ts'
import { HISTORY_CASES } from './history.ts'
import { JOB_CASES } from './job.ts'
import { JOB_CONTROL_CASES } from './job-control.ts'
import { JOB_TASK_CASES } from './job-task.ts'
import { PLUGIN_CASES } from './plugin.ts'
import { PLUGIN_DESCRIPTION_CASES } from './plugin-description.ts'
import { PROJECT_CASES } from './project.ts'
import { REGION_CASES } from './region.ts'
import { SCHEDULE_CASES, SCHEDULE_RUNS_CASES } from './schedule.ts'
import { SECRET_CASES } from './secret.ts'
import { SECRET_GROUP_CASES } from './secret-group.ts'
import { SECRET_KEY_CASES } from './secret-key.ts'
import { SERVICE_ACCOUNT_CASES } from './service-account.ts'
import { WEBHOOK_CASES } from './webhook.ts'

/** The conformance table: every case of every service, in the order of the documentation. */
export const CASES: readonly Case[] = [
  ...COLLECTOR_CASES,
  ...COLLECTOR_RULE_CASES,
  ...SCHEDULE_CASES,
  ...JOB_CASES,
  ...JOB_TASK_CASES,
  ...CLOUD_SERVICE_CASES,
  ...CLOUD_SERVICE_TYPE_CASES,
  ...REGION_CASES,
  ...CHANGE_HISTORY_CASES,
  ...SECRET_CASES,
  ...SECRET_GROUP_CASES,
  ...PLUGIN_CASES,
  ...PLUGIN_DESCRIPTION_CASES,
  ...PROJECT_CASES,
  ...SERVICE_ACCOUNT_CASES,
  ...DOMAIN_CASES,
  ...API_KEY_CASES,
  ...AUDIT_CASES,
  ...SECRET_KEY_CASES,
  ...WEBHOOK_CASES,
  ...GLEANER_CASES,
  ...SCHEDULE_RUNS_CASES,
  ...JOB_CONTROL_CASES,
  ...COVERAGE_CASES,
  ...HISTORY_CASES,
  ...COLLECTOR_SETTINGS_CASES,
  ...COLLECTOR_PLAN_CASES,
]
