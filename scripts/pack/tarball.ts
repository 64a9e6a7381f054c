import { gzipSync } from 'node:zlib'
import type { PackedFile, PackedFiles } from './files.ts'

const BLOCK = 512
/** The moment that npm gives to all files of a package. */
const MODIFIED_AT = Date.UTC(1985, 9, 26, 8, 15) / 1_000
const MAX_NAME = 100
const MAX_PREFIX = 155
const GZIP_SYSTEM = 9
const NO_SYSTEM = 255

/**
 * A package as npm reads it: a gzipped tar of everything below `package/`. The same files give the same
 * bytes: they are sorted, belong to nobody, and are of one moment.
 */
export function toTarball(files: PackedFiles): Buffer {
  const entries = [...files].sort(([a], [b]) => (a < b ? -1 : 1))
  const blocks = entries.flatMap(([path, file]) => [
    headerOf(`package/${path}`, file),
    file.bytes,
    Buffer.alloc(-file.bytes.length & (BLOCK - 1)),
  ])
  const gzipped = gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]), { level: 9 })
  gzipped[GZIP_SYSTEM] = NO_SYSTEM
  return gzipped
}

function headerOf(path: string, { bytes, isProgram }: PackedFile): Buffer {
  const header = Buffer.alloc(BLOCK)
  const [prefix, name] = split(path)
  const octal = (value: number, length: number) => value.toString(8).padStart(length - 1, '0')
  header.write(name, 0)
  header.write(octal(isProgram ? 0o755 : 0o644, 8), 100)
  header.write(octal(0, 8), 108)
  header.write(octal(0, 8), 116)
  header.write(octal(bytes.length, 12), 124)
  header.write(octal(MODIFIED_AT, 12), 136)
  header.write('        ', 148)
  header.write('0', 156)
  header.write('ustar\0' + '00', 257)
  header.write(prefix, 345)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${octal(sum, 7)}\0 `, 148)
  return header
}

/** The format keeps long paths in two parts, and has no place for longer ones. */
function split(path: string): readonly [prefix: string, name: string] {
  if (Buffer.byteLength(path) <= MAX_NAME) return ['', path]
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    const parts = [path.slice(0, at), path.slice(at + 1)] as const
    if (Buffer.byteLength(parts[0]) <= MAX_PREFIX && Buffer.byteLength(parts[1]) <= MAX_NAME) return parts
  }
  throw new Error(`the path ${path} is too long for a package`)
}
