import { ServerInfo } from '../../gen/spaceone/api/core/v1/server_info_pb.ts'
import { implementService, type ServiceImplementation } from '../method.ts'

/** Tells the version of the running software, which the composition root reads from the package. */
export function createServerInfoService({ version }: { readonly version: string }): ServiceImplementation {
  return implementService(ServerInfo, {
    get_version: {
      access: { permission: 'open', domain: 'none' },
      handle: async () => ({ version }),
    },
  })
}
