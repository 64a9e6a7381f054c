import { fsSize, type Systeminformation } from 'systeminformation'
import type { Finding, Source } from '../source.ts'

const GIB = 1024 ** 3
/** Made by the kernel, by packages or by containers; they come and go without anybody's decision. */
const PASSING_TYPES = ['tmpfs', 'devtmpfs', 'overlay', 'squashfs', 'ramfs', 'nullfs', 'devfs', 'autofs']
/** Their size is what is used plus what is free in a pool, so it changes with every file. */
const POOLED_TYPES = ['zfs', 'btrfs', 'bcachefs']

/** Mounted file systems that last. */
export const readFileSystems: Source = async () => toFileSystems(await fsSize())

export function toFileSystems(mounted: readonly Systeminformation.FsSizeData[]): readonly Finding[] {
  if (mounted.length === 0) throw new Error('the system listed no file system (is df installed?)')
  const lasting = mounted.filter(({ type }) => !PASSING_TYPES.includes(type.toLowerCase()))
  const byMount = new Map(lasting.map((each) => [each.mount, each])) // what was mounted last lies on top
  return [...byMount.values()].map(({ mount, type, fs, size, rw }) => {
    const sizeGib = POOLED_TYPES.includes(type) ? undefined : Math.round((size / GIB) * 10) / 10
    return {
      key: mount,
      name: mount,
      instanceType: type,
      instanceSize: sizeGib,
      data: { mount, type, device: fs, size_gib: sizeGib, is_writable: rw ?? undefined },
    }
  })
}
