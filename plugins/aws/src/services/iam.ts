import { loadPackage } from '../load-package.ts'
import { consoleLink, type Place } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'
import { tagsOf } from '../tags.ts'

const link = (place: Place, fragment: string) => consoleLink(place, 'iam/home', fragment)

type Attached = { readonly PolicyArn?: string | undefined }
const attachedTo = (policies: readonly Attached[] | undefined) =>
  (policies ?? []).map(({ PolicyArn }) => ['allowed_by', 'iam_policy', PolicyArn] as const)

/**
 * One call tells everything of many of a kind, with tags and policies, where lists would take a call for
 * each.
 */
export const iam = defineService({
  name: 'iam',
  group: 'IAM',
  label: 'Security',
  serviceCode: 'AWSIdentityAndAccessManagement',
  reach: 'global',
  load: () => loadPackage('@aws-sdk/client-iam'),
  connect: (sdk, config) => new sdk.IAMClient(config),
  kinds: (kind) => ({
    iam_user: kind({
      type: 'User',
      isPrimary: true,
      permissions: ['iam:GetAccountAuthorizationDetails'],
      list: ({ pages, sdk, send }) =>
        pages(
          (Marker) =>
            send(new sdk.GetAccountAuthorizationDetailsCommand({ Filter: ['User'], Marker, MaxItems: 500 })),
          (page) => page.Marker,
          (page) =>
            page.UserDetailList?.map((user) => ({ ...user, UserPolicyList: decodeAll(user.UserPolicyList) })),
        ),
      id: ({ Arn }) => Arn,
      fields: (user, place) => ({
        name: user.UserName,
        tags: tagsOf(user.Tags),
        launchedAt: user.CreateDate,
        link: link(place, `/users/details/${user.UserName}`),
        relations: relationsOf(
          ...attachedTo(user.AttachedManagedPolicies),
          ...(user.GroupList ?? []).map(
            (name) =>
              [
                'member_of',
                'iam_group',
                `arn:${place.partition}:iam::${place.account}:group/${name}`,
              ] as const,
          ),
        ),
      }),
      unordered: ['GroupList', 'AttachedManagedPolicies', 'UserPolicyList'],
    }),

    iam_role: kind({
      type: 'Role',
      isPrimary: true,
      permissions: ['iam:GetAccountAuthorizationDetails'],
      list: ({ pages, sdk, send }) =>
        pages(
          (Marker) =>
            send(new sdk.GetAccountAuthorizationDetailsCommand({ Filter: ['Role'], Marker, MaxItems: 500 })),
          (page) => page.Marker,
          (page) =>
            page.RoleDetailList?.map((role) => ({
              ...role,
              AssumeRolePolicyDocument: decode(role.AssumeRolePolicyDocument),
              RolePolicyList: decodeAll(role.RolePolicyList),
              InstanceProfileList: role.InstanceProfileList?.map(({ Roles, ...profile }) => profile),
            })),
        ),
      id: ({ Arn }) => Arn,
      fields: (role, place) => ({
        name: role.RoleName,
        tags: tagsOf(role.Tags),
        launchedAt: role.CreateDate,
        link: link(place, `/roles/details/${role.RoleName}`),
        relations: relationsOf(...attachedTo(role.AttachedManagedPolicies)),
      }),
      omit: ['RoleLastUsed'],
      unordered: ['AttachedManagedPolicies', 'RolePolicyList', 'InstanceProfileList'],
    }),

    iam_group: kind({
      type: 'Group',
      permissions: ['iam:GetAccountAuthorizationDetails'],
      list: ({ pages, sdk, send }) =>
        pages(
          (Marker) =>
            send(new sdk.GetAccountAuthorizationDetailsCommand({ Filter: ['Group'], Marker, MaxItems: 500 })),
          (page) => page.Marker,
          (page) =>
            page.GroupDetailList?.map((group) => ({
              ...group,
              GroupPolicyList: decodeAll(group.GroupPolicyList),
            })),
        ),
      id: ({ Arn }) => Arn,
      fields: (group, place) => ({
        name: group.GroupName,
        launchedAt: group.CreateDate,
        link: link(place, `/groups/details/${group.GroupName}`),
        relations: relationsOf(...attachedTo(group.AttachedManagedPolicies)),
      }),
      unordered: ['AttachedManagedPolicies', 'GroupPolicyList'],
    }),

    iam_policy: kind({
      type: 'Policy',
      permissions: ['iam:GetAccountAuthorizationDetails'],
      // Those of AWS are thousands, the same for everybody.
      list: ({ pages, sdk, send }) =>
        pages(
          (Marker) =>
            send(
              new sdk.GetAccountAuthorizationDetailsCommand({
                Filter: ['LocalManagedPolicy'],
                Marker,
                MaxItems: 500,
              }),
            ),
          (page) => page.Marker,
          (page) =>
            page.Policies?.map((policy) => ({
              ...policy,
              PolicyVersionList: policy.PolicyVersionList?.map(({ Document, ...version }) => ({
                ...version,
                Document: decode(Document),
              })),
            })),
        ),
      id: ({ Arn }) => Arn,
      fields: (policy, place) => ({
        name: policy.PolicyName ?? policy.Arn?.split('/').at(-1),
        launchedAt: policy.CreateDate,
        link: link(place, `/policies/details/${encodeURIComponent(policy.Arn ?? '')}`),
      }),
      unordered: ['PolicyVersionList'],
    }),
  }),
})

type Inline = { readonly PolicyName?: string | undefined; readonly PolicyDocument?: string | undefined }

function decodeAll(policies: readonly Inline[] | undefined) {
  return policies?.map(({ PolicyDocument, PolicyName }) => ({
    PolicyName,
    PolicyDocument: decode(PolicyDocument),
  }))
}

/** IAM answers documents as JSON in URL encoding. One that is no such thing stays the text it is. */
function decode(document: string | undefined): unknown {
  if (document === undefined) return undefined
  try {
    return JSON.parse(decodeURIComponent(document))
  } catch {
    return document
  }
}
