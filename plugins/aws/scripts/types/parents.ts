import type { Ask } from '../../src/wide/wide-type.ts'

/**
 * Parents that no rule finds, or that the rules would find wrongly. Null: what has to be told, nothing tells.
 */
export const PARENTS: Readonly<Record<string, Ask['parent'] | null>> = {
  'AWS::AppSync::ApiCache': { type: 'AWS::AppSync::GraphQLApi', properties: { ApiId: 'ApiId' } },
  'AWS::AppSync::ApiKey': { type: 'AWS::AppSync::GraphQLApi', properties: { ApiId: 'ApiId' } },
  'AWS::AppSync::SourceApiAssociation': null,
  'AWS::AppSync::Type': { type: 'AWS::AppSync::GraphQLApi', properties: { ApiId: 'ApiId' } },
  'AWS::DirectConnect::DirectConnectGatewayAssociation': null,
  'AWS::Lambda::Permission': { type: 'AWS::Lambda::Function', properties: { FunctionName: 'FunctionName' } },
  'AWS::Notifications::ManagedNotificationAccountContactAssociation': null,
  'AWS::Notifications::ManagedNotificationAdditionalChannelAssociation': null,
}
