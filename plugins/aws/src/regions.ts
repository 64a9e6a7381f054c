import type { RegionDeclaration } from '@gleaner/sdk'
import { GLOBAL } from './place.ts'

type Row = readonly [code: string, name: string, latitude: number, longitude: number, continent: string]

/**
 * Regions with the places that AWS names them after. One that is missing here is collected all the same,
 * under its code.
 */
const ROWS: readonly Row[] = [
  ['us-east-1', 'US East (N. Virginia)', 39.03, -77.47, 'north_america'],
  ['us-east-2', 'US East (Ohio)', 40.42, -82.91, 'north_america'],
  ['us-west-1', 'US West (N. California)', 37.24, -121.89, 'north_america'],
  ['us-west-2', 'US West (Oregon)', 45.84, -119.7, 'north_america'],
  ['ca-central-1', 'Canada (Central)', 45.5, -73.57, 'north_america'],
  ['ca-west-1', 'Canada West (Calgary)', 51.04, -114.07, 'north_america'],
  ['mx-central-1', 'Mexico (Central)', 20.59, -100.39, 'north_america'],
  ['sa-east-1', 'South America (São Paulo)', -23.55, -46.63, 'south_america'],
  ['eu-central-1', 'Europe (Frankfurt)', 50.11, 8.68, 'europe'],
  ['eu-central-2', 'Europe (Zurich)', 47.38, 8.54, 'europe'],
  ['eu-north-1', 'Europe (Stockholm)', 59.33, 18.07, 'europe'],
  ['eu-south-1', 'Europe (Milan)', 45.46, 9.19, 'europe'],
  ['eu-south-2', 'Europe (Spain)', 41.65, -0.88, 'europe'],
  ['eu-west-1', 'Europe (Ireland)', 53.35, -6.26, 'europe'],
  ['eu-west-2', 'Europe (London)', 51.51, -0.13, 'europe'],
  ['eu-west-3', 'Europe (Paris)', 48.86, 2.35, 'europe'],
  ['eusc-de-east-1', 'European Sovereign Cloud (Brandenburg)', 52.41, 12.53, 'europe'],
  ['af-south-1', 'Africa (Cape Town)', -33.92, 18.42, 'africa'],
  ['il-central-1', 'Israel (Tel Aviv)', 32.09, 34.78, 'asia_pacific'],
  ['me-central-1', 'Middle East (UAE)', 25.2, 55.27, 'asia_pacific'],
  ['me-south-1', 'Middle East (Bahrain)', 26.07, 50.56, 'asia_pacific'],
  ['ap-east-1', 'Asia Pacific (Hong Kong)', 22.32, 114.17, 'asia_pacific'],
  ['ap-east-2', 'Asia Pacific (Taipei)', 25.03, 121.57, 'asia_pacific'],
  ['ap-northeast-1', 'Asia Pacific (Tokyo)', 35.68, 139.69, 'asia_pacific'],
  ['ap-northeast-2', 'Asia Pacific (Seoul)', 37.57, 126.98, 'asia_pacific'],
  ['ap-northeast-3', 'Asia Pacific (Osaka)', 34.69, 135.5, 'asia_pacific'],
  ['ap-south-1', 'Asia Pacific (Mumbai)', 19.08, 72.88, 'asia_pacific'],
  ['ap-south-2', 'Asia Pacific (Hyderabad)', 17.39, 78.49, 'asia_pacific'],
  ['ap-southeast-1', 'Asia Pacific (Singapore)', 1.35, 103.82, 'asia_pacific'],
  ['ap-southeast-2', 'Asia Pacific (Sydney)', -33.87, 151.21, 'asia_pacific'],
  ['ap-southeast-3', 'Asia Pacific (Jakarta)', -6.21, 106.85, 'asia_pacific'],
  ['ap-southeast-4', 'Asia Pacific (Melbourne)', -37.81, 144.96, 'asia_pacific'],
  ['ap-southeast-5', 'Asia Pacific (Malaysia)', 3.14, 101.69, 'asia_pacific'],
  ['ap-southeast-6', 'Asia Pacific (New Zealand)', -36.85, 174.76, 'asia_pacific'],
  ['ap-southeast-7', 'Asia Pacific (Thailand)', 13.76, 100.5, 'asia_pacific'],
  ['cn-north-1', 'China (Beijing)', 39.9, 116.41, 'asia_pacific'],
  ['cn-northwest-1', 'China (Ningxia)', 37.5, 105.2, 'asia_pacific'],
  ['us-gov-east-1', 'AWS GovCloud (US-East)', 40.0, -83.0, 'north_america'],
  ['us-gov-west-1', 'AWS GovCloud (US-West)', 45.52, -122.68, 'north_america'],
]

export const REGIONS: Readonly<Record<string, RegionDeclaration>> = Object.fromEntries([
  [GLOBAL, { name: 'Global' }],
  ...ROWS.map(([code, name, latitude, longitude, continent]) => [
    code,
    { name, tags: { latitude: String(latitude), longitude: String(longitude), continent } },
  ]),
])
