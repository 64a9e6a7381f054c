/** SipHash with 128 bits as its authors describe it, slowly: the oracle for the one that is fast. */
export function sipHash128(
  bytes: Uint8Array,
  key: Uint8Array,
  { rounds, finalRounds }: { readonly rounds: number; readonly finalRounds: number },
): string {
  const k = Buffer.from(key)
  const [k0, k1] = [k.readBigUInt64LE(0), k.readBigUInt64LE(8)]
  const v = [
    0x736f6d6570736575n ^ k0,
    0x646f72616e646f6dn ^ k1 ^ 0xeen,
    0x6c7967656e657261n ^ k0,
    0x7465646279746573n ^ k1,
  ] as [bigint, bigint, bigint, bigint]
  const padded = Buffer.alloc((Math.floor(bytes.length / 8) + 1) * 8)
  padded.set(bytes)
  padded[padded.length - 1] = bytes.length & 0xff
  for (let at = 0; at < padded.length; at += 8) {
    const word = padded.readBigUInt64LE(at)
    v[3] ^= word
    for (let round = 0; round < rounds; round++) mix(v)
    v[0] ^= word
  }
  v[2] ^= 0xeen
  const result = Buffer.alloc(16)
  for (let round = 0; round < finalRounds; round++) mix(v)
  result.writeBigUInt64LE(v[0] ^ v[1] ^ v[2] ^ v[3], 0)
  v[1] ^= 0xddn
  for (let round = 0; round < finalRounds; round++) mix(v)
  result.writeBigUInt64LE(v[0] ^ v[1] ^ v[2] ^ v[3], 8)
  return result.toString('hex')
}

function mix(v: [bigint, bigint, bigint, bigint]): void {
  v[0] = add(v[0], v[1])
  v[1] = rotate(v[1], 13n) ^ v[0]
  v[0] = rotate(v[0], 32n)
  v[2] = add(v[2], v[3])
  v[3] = rotate(v[3], 16n) ^ v[2]
  v[0] = add(v[0], v[3])
  v[3] = rotate(v[3], 21n) ^ v[0]
  v[2] = add(v[2], v[1])
  v[1] = rotate(v[1], 17n) ^ v[2]
  v[2] = rotate(v[2], 32n)
}

function add(a: bigint, b: bigint): bigint {
  return BigInt.asUintN(64, a + b)
}

function rotate(value: bigint, by: bigint): bigint {
  return BigInt.asUintN(64, (value << by) | (value >> (64n - by)))
}
