import { InvalidInput } from '@gleaner/sdk'
import type { Options } from './options.ts'

/** Where one Azure is, and what its access tokens are for. */
export type Cloud = {
  readonly management: URL
  readonly login: URL
  /**
   * The permission that tokens are asked for; it names the cloud's own address, whatever address is called.
   */
  readonly scope: string
  readonly portal: string
}

const CLOUDS = {
  public: ['https://management.azure.com', 'https://login.microsoftonline.com', 'https://portal.azure.com'],
  china: ['https://management.chinacloudapi.cn', 'https://login.chinacloudapi.cn', 'https://portal.azure.cn'],
  us_government: [
    'https://management.usgovcloudapi.net',
    'https://login.microsoftonline.us',
    'https://portal.azure.us',
  ],
} as const

/** The cloud that the options choose, at the addresses that they choose. */
export function cloudOf({ cloud, login_endpoint, management_endpoint }: Options): Cloud {
  const [management, login, portal] = CLOUDS[cloud]
  return {
    management: addressOf('management_endpoint', management_endpoint ?? management),
    login: addressOf('login_endpoint', login_endpoint ?? login),
    scope: `${management}/.default`,
    portal,
  }
}

function addressOf(option: string, text: string): URL {
  const url = URL.parse(text)
  if (url !== null && /^https?:$/.test(url.protocol)) return url
  throw new InvalidInput([`options.${option} must be an address that begins with https://`])
}
