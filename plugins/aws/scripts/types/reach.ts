import type { WideReach } from '../../src/wide/wide-type.ts'

/** Services that answer the same wherever they are asked. */
const GLOBAL_SERVICES = new Set([
  'BCMDataExports',
  'BcmPricingCalculator',
  'Billing',
  'BillingConductor',
  'Budgets',
  'CE',
  'CUR',
  'Chatbot',
  'CloudFront',
  'GlobalAccelerator',
  'IAM',
  'Invoicing',
  'NetworkManager',
  'Notifications',
  'NotificationsContacts',
  'Organizations',
  'PricingPlanManager',
  'Route53',
  'Route53RecoveryControl',
  'Route53RecoveryReadiness',
  'Shield',
  'WAF',
])
const GLOBAL_TYPES = new Set([
  'AWS::CloudWatch::Dashboard',
  'AWS::DirectConnect::DirectConnectGateway',
  'AWS::ECR::PublicRepository',
  'AWS::S3::Bucket',
  'AWS::S3::MultiRegionAccessPoint',
  'AWS::S3::MultiRegionAccessPointPolicy',
])
/** Services that lie in a region although their ARNs do not say so. */
const REGIONAL_SERVICES = new Set(['IdentityStore', 'Route53GlobalResolver', 'SSO', 'VerifiedPermissions'])

/**
 * Whether a type lies in one region. Other ARNs without a region belong to things that several regions show.
 */
export function reachOf(typeName: string, arnTemplate: string | undefined): WideReach | undefined {
  const service = typeName.split('::')[1] ?? ''
  if (GLOBAL_SERVICES.has(service) || GLOBAL_TYPES.has(typeName)) return 'global'
  if (REGIONAL_SERVICES.has(service)) return undefined
  return arnTemplate?.split(':')[3] === '' ? 'spread' : undefined
}
