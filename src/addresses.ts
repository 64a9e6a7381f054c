/** Where the API of a server is reached from this machine: its REST address, and `host:port` of gRPC. */
export type Addresses = { readonly http: string; readonly grpc: string }

/** Where a server is reached that is bound to these. Pure. */
export function addressesOf(
  {
    host,
    httpPort,
    grpcPort,
  }: { readonly host: string; readonly httpPort: number; readonly grpcPort: number },
  isEncrypted: boolean,
): Addresses {
  return { http: httpAddress(host, httpPort, isEncrypted), grpc: `${reachedAt(host)}:${grpcPort}` }
}

/** Where a port that speaks HTTP is reached. Pure. */
export function httpAddress(host: string, port: number, isEncrypted: boolean): string {
  return `${isEncrypted ? 'https' : 'http'}://${reachedAt(host)}:${port}`
}

// Who listens at all addresses is called at one of them, and an address of IPv6 stands in brackets before a
// port.
function reachedAt(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}
