export {
  createCloudServiceType,
  deleteCloudServiceType,
  updateCloudServiceType,
} from './cloud-service-types.ts'
export { createCloudService, deleteCloudService, updateCloudService } from './cloud-services.ts'
export type { Given } from './read-given.ts'
export { createRegion, deleteRegion, updateRegion } from './regions.ts'
