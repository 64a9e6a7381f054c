import type { Authenticator } from './access/index.ts'
import type { Config } from './config/index.ts'
import { createApiKeyService } from './server/handlers/api-key.ts'
import { auditService } from './server/handlers/audit.ts'
import { changeHistoryService } from './server/handlers/change-history.ts'
import { cloudServiceService } from './server/handlers/cloud-service.ts'
import { cloudServiceTypeService } from './server/handlers/cloud-service-type.ts'
import { createCollectorService } from './server/handlers/collector.ts'
import { createCollectorPlanService } from './server/handlers/collector-plan.ts'
import { collectorRuleService } from './server/handlers/collector-rule.ts'
import { collectorSettingsService } from './server/handlers/collector-settings.ts'
import { coverageService } from './server/handlers/coverage.ts'
import { domainService } from './server/handlers/domain.ts'
import { domainSettingsService } from './server/handlers/domain-settings.ts'
import { createEventService } from './server/handlers/event.ts'
import { historyService } from './server/handlers/history.ts'
import { jobService } from './server/handlers/job.ts'
import { jobControlService } from './server/handlers/job-control.ts'
import { jobProgressService } from './server/handlers/job-progress.ts'
import { jobTaskService } from './server/handlers/job-task.ts'
import { createPluginService } from './server/handlers/plugin.ts'
import { createPluginDescriptionService } from './server/handlers/plugin-description.ts'
import { createPluginProcessService } from './server/handlers/plugin-process.ts'
import { createPluginVersionService } from './server/handlers/plugin-version.ts'
import { projectService } from './server/handlers/project.ts'
import { regionService } from './server/handlers/region.ts'
import { scheduleService } from './server/handlers/schedule.ts'
import { searchService } from './server/handlers/search.ts'
import { createSecretService } from './server/handlers/secret.ts'
import { secretGroupService } from './server/handlers/secret-group.ts'
import { createSecretKeyService } from './server/handlers/secret-key.ts'
import { secretOpeningService } from './server/handlers/secret-opening.ts'
import { createServerInfoService } from './server/handlers/server-info.ts'
import { serviceAccountService } from './server/handlers/service-account.ts'
import { createWebhookService } from './server/handlers/webhook.ts'
import type { ServiceImplementation } from './server/index.ts'
import { VERSION } from './version.ts'

type ServicesDeps = Omit<Parameters<typeof createCollectorService>[0], 'schedules'> &
  Parameters<typeof createPluginService>[0] &
  Parameters<typeof createPluginVersionService>[0] &
  Parameters<typeof createEventService>[0] &
  Parameters<typeof createWebhookService>[0] &
  Parameters<typeof createSecretService>[0] &
  Parameters<typeof createSecretKeyService>[0] & {
    readonly config: Pick<Config, 'schedulesIgnorePluginSupport'>
    readonly authenticator: Pick<Authenticator, 'forget'>
  }

/** Every service that this server offers. A new one is added here, and nowhere else. */
export function createServices({ config, authenticator, ...deps }: ServicesDeps): ServiceImplementation[] {
  return [
    createCollectorService({
      ...deps,
      schedules: { ignorePluginSupport: config.schedulesIgnorePluginSupport },
    }),
    createCollectorPlanService(deps),
    createPluginService(deps),
    createPluginVersionService(deps),
    createPluginDescriptionService(deps),
    createPluginProcessService(deps),
    collectorRuleService,
    jobService,
    jobTaskService,
    jobProgressService,
    jobControlService,
    createEventService(deps),
    domainSettingsService,
    createWebhookService(deps),
    collectorSettingsService,
    cloudServiceService,
    cloudServiceTypeService,
    regionService,
    scheduleService,
    searchService,
    coverageService,
    changeHistoryService,
    historyService,
    createSecretService(deps),
    secretGroupService,
    createSecretKeyService(deps),
    secretOpeningService,
    projectService,
    serviceAccountService,
    createServerInfoService({ version: VERSION }),
    domainService,
    createApiKeyService(authenticator),
    auditService,
  ]
}
