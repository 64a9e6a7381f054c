import { expect, test } from 'vitest'
import { addressesOf, httpAddress } from '../src/addresses.ts'

const PORTS = { httpPort: 8080, grpcPort: 50051 }

test.each([
  ['127.0.0.1', false, 'http://127.0.0.1:8080', '127.0.0.1:50051'],
  ['127.0.0.1', true, 'https://127.0.0.1:8080', '127.0.0.1:50051'],
  ['10.1.2.3', true, 'https://10.1.2.3:8080', '10.1.2.3:50051'],
  ['0.0.0.0', false, 'http://127.0.0.1:8080', '127.0.0.1:50051'],
  ['::', true, 'https://[::1]:8080', '[::1]:50051'],
  ['fd00::7', false, 'http://[fd00::7]:8080', '[fd00::7]:50051'],
])('a server bound to %s, encrypted %s, is reached at %s', (host, isEncrypted, http, grpc) => {
  expect(addressesOf({ host, ...PORTS }, isEncrypted)).toEqual({ http, grpc })
  expect(URL.canParse(httpAddress(host, 8080, isEncrypted))).toBe(true)
})
