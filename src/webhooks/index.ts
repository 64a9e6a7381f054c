export { type AddressGuard, createAddressGuard, isNetwork } from './address-guard.ts'
export {
  type ChangeDeps,
  createWebhook,
  deleteWebhook,
  type NewWebhook,
  updateWebhook,
  type WebhookChange,
} from './change-webhooks.ts'
export { countWebhooks, type WebhookCounts } from './count-webhooks.ts'
export { Courier, type CourierDeps, type CourierSettings } from './courier.ts'
export { type Delivery, getWebhook, listWebhooks } from './read-webhooks.ts'
export { type Resolve, resolveBySystem, type SendDeps } from './send.ts'
export { testWebhook } from './test-webhook.ts'
export type { Webhook, WebhookKey } from './webhook.ts'
