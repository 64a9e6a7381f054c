import { type CleanRules, cleanDocument, type JsonObject } from '@gleaner/sdk'

/** Annotations that hold a copy of the whole object, with the variables in it. */
const COPIES = 'kubectl\\.kubernetes\\.io/last-applied-configuration|.*/(original|applied)'

/** Maps of names to values that people choose, and lists of such pairs. */
const ENVIRONMENTS =
  'commonInstanceMetadata|environmentVariables|buildEnvironmentVariables|env|envVariables|substitutions|headers|headersToAdd|customRequestHeaders|body'

const RULES: CleanRules = {
  secret: new RegExp(
    `^(clientKey|keyString|rawKey|rsaEncryptedKey|sharedSecretHash|signedUrl|startupScript|script|sourceContents|userData|privateKeyData|authString|kubeconfig|httpHeaderValue|${COPIES})$`,
    'i',
  ),
  // Metadata of machines holds the scripts that set them up, and keys of whoever may log in.
  environment: new RegExp(`^(metadata|${ENVIRONMENTS})$`),
  harmless:
    /^(name|namespace|kind|fingerprint|generation|uid|created-by|cluster-(name|location|uid)|enable-(oslogin|guest-attributes|osconfig)|block-project-ssh-keys|serial-port-enable|disable-legacy-endpoints|google-(logging|monitoring)-enabled|vmdnssetting|instance-template|gke-nodepool-name)$/i,
  volatile:
    /^(etag|usage|metageneration|numBytes|numRows|numLongTermBytes|numActiveLogicalBytes|numTotalLogicalBytes|numPhysicalBytes|numTotalPhysicalBytes|numTimeTravelPhysicalBytes|lastModifiedTime|currentDiskSize|storageBytes|storageBytesStatus|lastAttemptTime|lastUsedTime|lastAccessTime|lastHeartbeatTime|lastTransitionTime|lastAuthenticatedTime|scheduleTime|observedGeneration|resourceVersion|managedFields|latestRestoreTime|sizeInUseBytes)$/,
  reference: /^(\/\/|projects\/|https:\/\/(www|[a-z]+)\.googleapis\.com\/|sm:\/\/)/,
}

/**
 * Of documents as Kubernetes has them, where `metadata` is the head, whose labels and annotations are worth
 * keeping.
 */
const OF_HEADED: CleanRules = { ...RULES, environment: new RegExp(`^(${ENVIRONMENTS})$`) }

/** What an asset's document may be stored as. Pure. */
export function cleanData(data: JsonObject): JsonObject {
  const isHeaded = typeof data.apiVersion === 'string' && typeof data.kind === 'string'
  return cleanDocument(data, isHeaded ? OF_HEADED : RULES)
}
