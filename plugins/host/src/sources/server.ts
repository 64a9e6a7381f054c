import { bios, chassis, cpu, mem, osInfo, system } from 'systeminformation'
import type { Finding, Source } from '../source.ts'
import { readAddresses } from './addresses.ts'

const MIB = 1024 * 1024

/** The machine itself: one resource. */
export const readServer: Source = async () => {
  const [os, hardware, processor, memory, firmware, housing, addresses] = await Promise.all([
    osInfo(),
    system(),
    cpu(),
    mem(),
    bios(),
    chassis(),
    readAddresses(),
  ])
  if (memory.total === 0) throw new Error('the system told nothing about its memory')
  const machine: Finding = {
    key: '',
    name: os.hostname,
    instanceType: filled(hardware.model) ?? os.arch,
    instanceSize: processor.cores,
    ipAddresses: [...addresses.values()]
      .flat()
      .filter((address) => !isLoopback(address))
      .sort(),
    tags: { platform: os.platform, distribution: os.distro },
    data: {
      os: {
        name: [os.distro, os.release].filter(Boolean).join(' '),
        platform: os.platform,
        distribution: os.distro,
        release: os.release,
        codename: filled(os.codename),
        build: filled(os.build),
        kernel: os.kernel,
        architecture: os.arch,
        boots_by_uefi: os.uefi ?? undefined,
      },
      cpu: {
        model: [processor.manufacturer, processor.brand].filter(Boolean).join(' '),
        cores: processor.cores,
        physical_cores: processor.physicalCores,
        sockets: processor.processors,
      },
      // Rounded, because a kernel update moves the total by some pages.
      memory: { size_mib: Math.round(memory.total / MIB) },
      virtualization: { is_virtual: hardware.virtual, kind: filled(hardware.virtualHost) },
      hardware: {
        manufacturer: filled(hardware.manufacturer),
        model: filled(hardware.model),
        version: filled(hardware.version),
        chassis: filled(housing.type),
        bios: filled([firmware.vendor, firmware.version].filter(Boolean).join(' ')),
      },
    },
  }
  return [machine]
}

/** The library writes what it does not know as an empty text or a dash. */
function filled(text: string | undefined): string | undefined {
  return text === undefined || text === '' || text === '-' ? undefined : text
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.')
}
