import { blockDevices, type Systeminformation } from 'systeminformation'
import type { Finding, Source } from '../source.ts'

const GIB = 1024 ** 3

/** Whole disks; partitions, loop devices and empty drives are left out. */
export const readDisks: Source = async () => toDisks(await blockDevices())

export function toDisks(devices: readonly Systeminformation.BlockDevicesData[]): readonly Finding[] {
  if (devices.length === 0) throw new Error('the system listed no block device (is lsblk installed?)')
  // Compressed memory shows up as a disk.
  const disks = devices.filter(
    ({ type, size, name }) => type === 'disk' && size > 0 && !name.startsWith('zram'),
  )
  const serials = disks.map(({ serial }) => serial)
  return disks.map((disk) => ({
    key: isUnique(disk.serial, serials) ? disk.serial : disk.name,
    name: disk.name,
    instanceType: disk.physical,
    instanceSize: Math.round((disk.size / GIB) * 10) / 10,
    data: {
      device: disk.device,
      kind: disk.physical,
      model: disk.model || undefined,
      serial: disk.serial || undefined,
      protocol: disk.protocol || undefined,
      size_bytes: disk.size,
      is_removable: disk.removable,
    },
  }))
}

/**
 * Device names move between boots, so the serial number is the better key, unless two paths lead to one disk.
 */
function isUnique(serial: string, serials: readonly string[]): boolean {
  return serial !== '' && serials.filter((each) => each === serial).length === 1
}
