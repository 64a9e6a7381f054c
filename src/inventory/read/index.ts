export { type CloudServiceView, cloudServiceEntity } from './cloud-service-entity.ts'
export { cloudServiceSearchFields } from './cloud-service-search.ts'
export { type CloudServiceTypeView, cloudServiceTypeEntity } from './cloud-service-type-entity.ts'
export { getCloudServiceType, listCloudServiceTypes } from './cloud-service-types.ts'
export { getCloudService, type ListCloudServicesInput, listCloudServices } from './cloud-services.ts'
export { type CollectionInfoView, loadCollectionInfo } from './collection-info.ts'
export { type RegionView, regionEntity } from './region-entity.ts'
export { getRegion, listRegions } from './regions.ts'
export {
  compileCloudServiceSearch,
  type SearchCloudServicesInput,
  searchCloudServices,
} from './search-cloud-services.ts'
