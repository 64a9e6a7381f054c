export { type ApiKeyView, apiKeyEntity } from './api-key-entity.ts'
export { deleteApiKey, getApiKey, listApiKeys, setApiKeyState } from './api-keys.ts'
export {
  type CreateApiKeyInput,
  type CreatedApiKey,
  createApiKey,
  ensureFirstApiKey,
} from './create-api-key.ts'
export { deleteDomain } from './delete-domain.ts'
export { type DomainView, domainEntity } from './domain-entity.ts'
export { createDomain, getDomainView, listDomains, updateDomain } from './domains.ts'
