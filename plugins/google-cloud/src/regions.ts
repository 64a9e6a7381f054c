import type { RegionDeclaration } from '@gleaner/sdk'

export const GLOBAL = 'global'

const PLACES: Readonly<Record<string, string>> = {
  'africa-south1': 'Johannesburg',
  'asia-east1': 'Taiwan',
  'asia-east2': 'Hong Kong',
  'asia-northeast1': 'Tokyo',
  'asia-northeast2': 'Osaka',
  'asia-northeast3': 'Seoul',
  'asia-south1': 'Mumbai',
  'asia-south2': 'Delhi',
  'asia-southeast1': 'Singapore',
  'asia-southeast2': 'Jakarta',
  'australia-southeast1': 'Sydney',
  'australia-southeast2': 'Melbourne',
  'europe-central2': 'Warsaw',
  'europe-north1': 'Finland',
  'europe-north2': 'Stockholm',
  'europe-southwest1': 'Madrid',
  'europe-west1': 'Belgium',
  'europe-west2': 'London',
  'europe-west3': 'Frankfurt',
  'europe-west4': 'Netherlands',
  'europe-west6': 'Zurich',
  'europe-west8': 'Milan',
  'europe-west9': 'Paris',
  'europe-west10': 'Berlin',
  'europe-west12': 'Turin',
  'me-central1': 'Doha',
  'me-central2': 'Dammam',
  'me-west1': 'Tel Aviv',
  'northamerica-northeast1': 'Montréal',
  'northamerica-northeast2': 'Toronto',
  'northamerica-south1': 'Querétaro',
  'southamerica-east1': 'São Paulo',
  'southamerica-west1': 'Santiago',
  'us-central1': 'Iowa',
  'us-east1': 'South Carolina',
  'us-east4': 'Northern Virginia',
  'us-east5': 'Columbus',
  'us-south1': 'Dallas',
  'us-west1': 'Oregon',
  'us-west2': 'Los Angeles',
  'us-west3': 'Salt Lake City',
  'us-west4': 'Las Vegas',
  us: 'United States (several regions)',
  eu: 'European Union (several regions)',
  asia: 'Asia (several regions)',
}

/**
 * Regions with the places that Google names them after. One that is missing here is collected all the same,
 * under its code.
 */
export const REGIONS: Readonly<Record<string, RegionDeclaration>> = {
  [GLOBAL]: { name: 'Global' },
  ...Object.fromEntries(
    Object.entries(PLACES).map(([code, place]) => [code, { name: `${place} (${code})` }]),
  ),
}

/** `us-central1-a`; zones for training models are called `us-central1-ai1a`. */
const ZONE = /^([a-z]+-[a-z]+\d+)-(?:ai\d+)?[a-z]$/

/** The region of a location: a zone lies in one, and what has no location is everywhere. */
export function regionOf(location: string | undefined): string {
  const code = location?.toLowerCase() ?? ''
  return code === '' ? GLOBAL : (ZONE.exec(code)?.[1] ?? code)
}
