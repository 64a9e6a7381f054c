import { loadPackage } from './load-package.ts'

/** The packages that are needed besides those of services. */
export const loadAccount = () => loadPackage('@aws-sdk/client-account')
export const loadCloudControl = () => loadPackage('@aws-sdk/client-cloudcontrol')
export const loadCloudFormation = () => loadPackage('@aws-sdk/client-cloudformation')
export const loadEc2 = () => loadPackage('@aws-sdk/client-ec2')
export const loadExplorer = () => loadPackage('@aws-sdk/client-resource-explorer-2')
export const loadOrganizations = () => loadPackage('@aws-sdk/client-organizations')
export const loadProfiles = () => loadPackage('@aws-sdk/credential-provider-ini')
export const loadSts = () => loadPackage('@aws-sdk/client-sts')
export const loadTagging = () => loadPackage('@aws-sdk/client-resource-groups-tagging-api')

/** Loads all of them. */
export async function loadClients(): Promise<void> {
  await Promise.all([
    loadAccount(),
    loadCloudControl(),
    loadCloudFormation(),
    loadEc2(),
    loadExplorer(),
    loadOrganizations(),
    loadProfiles(),
    loadSts(),
    loadTagging(),
  ])
}
