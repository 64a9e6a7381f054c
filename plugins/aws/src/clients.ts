/**
 * The packages that are needed besides those of services, loaded when they are first used. Node remembers what a name
 * stands for by the file that imports it: a process that may no longer read its packages finds those that were loaded from
 * here before, and from nowhere else.
 */
export const loadAccount = () => import('@aws-sdk/client-account')
export const loadCloudControl = () => import('@aws-sdk/client-cloudcontrol')
export const loadCloudFormation = () => import('@aws-sdk/client-cloudformation')
export const loadEc2 = () => import('@aws-sdk/client-ec2')
export const loadOrganizations = () => import('@aws-sdk/client-organizations')
export const loadProfiles = () => import('@aws-sdk/credential-provider-ini')
export const loadSts = () => import('@aws-sdk/client-sts')
export const loadTagging = () => import('@aws-sdk/client-resource-groups-tagging-api')

/** Loads all of them. */
export async function loadClients(): Promise<void> {
  await Promise.all([
    loadAccount(),
    loadCloudControl(),
    loadCloudFormation(),
    loadEc2(),
    loadOrganizations(),
    loadProfiles(),
    loadSts(),
    loadTagging(),
  ])
}
