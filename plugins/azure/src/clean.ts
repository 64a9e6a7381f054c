import { type CleanRules, cleanDocument, type JsonObject } from '@gleaner/sdk'

const RULES: CleanRules = {
  secret:
    /^(customData|userData|commandToExecute|script|scriptContent|primaryKey|secondaryKey|instrumentationKey|sharedKey|accountKey|storageAccountKey|primaryMasterKey|masterKey|sasUri|sasUrl|publishingPassword|unattendContent)$/i,
  environment:
    /^(appSettings|connectionStrings|environmentVariables|env|secrets|protectedSettings|headers|secureParameters|parameterValues)$/i,
  volatile:
    /^(etag|statuses|vmAgent|vmHealth|earliestRestoreDate|lastAccessTime|lastAvailabilityUpdate|lastBackupTime|lastHeartbeat|lastModifiedTime|lastModifiedTimeUtc|lastStatusChange|lastStatusChangedDate|lastUpdatedTime|lastSyncTime|modifiedTime|provisioningStateTransitionTime|sizeInBytes|currentValue|usageInGB|currentServiceObjectiveUsage|maxSizeBytesUsed)$/i,
  // `@Microsoft.KeyVault(…)` and ids only say where something is kept.
  reference: /^(@microsoft\.keyvault\(|\/subscriptions\/)/i,
}

/** What a resource's document may be stored as. Pure. */
export function cleanData(data: JsonObject): JsonObject {
  return cleanDocument(data, RULES)
}
