import type { RegionDeclaration } from '@gleaner/sdk'

export const GLOBAL = 'global'

const NAMES: Readonly<Record<string, string>> = {
  australiacentral: 'Australia Central',
  australiaeast: 'Australia East',
  australiasoutheast: 'Australia Southeast',
  austriaeast: 'Austria East',
  brazilsouth: 'Brazil South',
  canadacentral: 'Canada Central',
  canadaeast: 'Canada East',
  centralindia: 'Central India',
  centralus: 'Central US',
  chilecentral: 'Chile Central',
  chinaeast2: 'China East 2',
  chinaeast3: 'China East 3',
  chinanorth2: 'China North 2',
  chinanorth3: 'China North 3',
  eastasia: 'East Asia',
  eastus: 'East US',
  eastus2: 'East US 2',
  francecentral: 'France Central',
  germanywestcentral: 'Germany West Central',
  indonesiacentral: 'Indonesia Central',
  israelcentral: 'Israel Central',
  italynorth: 'Italy North',
  japaneast: 'Japan East',
  japanwest: 'Japan West',
  koreacentral: 'Korea Central',
  koreasouth: 'Korea South',
  malaysiawest: 'Malaysia West',
  mexicocentral: 'Mexico Central',
  newzealandnorth: 'New Zealand North',
  northcentralus: 'North Central US',
  northeurope: 'North Europe',
  norwayeast: 'Norway East',
  polandcentral: 'Poland Central',
  qatarcentral: 'Qatar Central',
  southafricanorth: 'South Africa North',
  southcentralus: 'South Central US',
  southindia: 'South India',
  southeastasia: 'Southeast Asia',
  spaincentral: 'Spain Central',
  swedencentral: 'Sweden Central',
  switzerlandnorth: 'Switzerland North',
  uaenorth: 'UAE North',
  uksouth: 'UK South',
  ukwest: 'UK West',
  usgovarizona: 'US Gov Arizona',
  usgovtexas: 'US Gov Texas',
  usgovvirginia: 'US Gov Virginia',
  westcentralus: 'West Central US',
  westeurope: 'West Europe',
  westus: 'West US',
  westus2: 'West US 2',
  westus3: 'West US 3',
}

/**
 * Regions under the names that Azure shows. One that is missing here is collected all the same, under its
 * code.
 */
export const REGIONS: Readonly<Record<string, RegionDeclaration>> = {
  [GLOBAL]: { name: 'Global' },
  ...Object.fromEntries(Object.entries(NAMES).map(([code, name]) => [code, { name }])),
}

/**
 * The region of a location, which some services write as people read it: `West Europe`. What has none is
 * everywhere.
 */
export function regionOf(location: string | undefined): string {
  const code = location?.toLowerCase().replaceAll(' ', '') ?? ''
  return code === '' ? GLOBAL : code
}
