import { endianness } from 'node:os'
import { describe, expect, test } from 'vitest'
import { pseudonymOf } from '../src/machine-id.ts'
import { lastingAddresses, parseTemporary } from '../src/sources/addresses.ts'
import { toDisks } from '../src/sources/disks.ts'
import { toFileSystems } from '../src/sources/file-systems.ts'
import { toServices } from '../src/sources/listening-services.ts'
import { MANAGERS, toFindings } from '../src/sources/packages.ts'
import { parseTable } from '../src/sources/proc-listeners.ts'
import { parseServices } from '../src/sources/service-names.ts'

test('a machine id is a hash from which the raw one cannot be read', () => {
  const raw = '0123456789abcdef0123456789abcdef'
  expect(pseudonymOf(raw)).toBe(pseudonymOf(raw))
  expect(pseudonymOf(raw)).not.toBe(pseudonymOf(raw.replace('0', '1')))
  expect(pseudonymOf(raw)).not.toContain(raw.slice(0, 8))
})

describe('packages', () => {
  test.each([
    [
      'dpkg',
      'bash\t5.2-1\tamd64\tshells\tinstalled\nold\t1\tall\tmisc\tconfig-files\n',
      ['bash:amd64=5.2-1'],
    ],
    [
      'rpm',
      'bash\t0:5.2-1.el9\tx86_64\tU\nperl\t4:5.32-1\tx86_64\tU\n',
      ['bash:x86_64=5.2-1.el9', 'perl:x86_64=4:5.32-1'],
    ],
    [
      'apk',
      'busybox-1.36.1-r5\nca-certificates-bundle-20240226-r0\n',
      ['busybox:native=1.36.1-r5', 'ca-certificates-bundle:native=20240226-r0'],
    ],
    ['brew', 'jq 1.7.1\npython@3.12 3.12.1 3.12.2\n', ['jq:native=1.7.1', 'python@3.12:native=3.12.2']],
  ])('the list of %s is read', (name, output, expected) => {
    const packages = MANAGERS.find((manager) => manager.name === name)?.parse(output) ?? []
    const found = toFindings(name, packages).map(({ key, data }) => `${key}=${Object(data).version}`)
    expect(found).toEqual(expected)
  })

  test('several versions of one package share a resource, so that an update changes it and deletes nothing', () => {
    const kernel = (version: string) => ({ name: 'kernel', version, architecture: 'x86_64' })
    expect(toFindings('rpm', [kernel('5.14.0-10'), kernel('5.14.0-9')])).toMatchObject([
      { key: 'kernel:x86_64', data: { version: '5.14.0-10', all_versions: ['5.14.0-9', '5.14.0-10'] } },
    ])
  })
})

describe('listening services', () => {
  const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
   0: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
   1: 0100007F:A0B1 0100007F:1538 01 00000000:00000000 00:00000000 00000000     0
`
  const TCP6 = `  sl  local_address                         remote_address                        st
   0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A
   1: 000000FD000000000000000002000000:0050 00000000000000000000000000000000:0000 0A
`

  if (endianness() !== 'LE') console.warn('NOT RUN: the sample tables come from a little-endian machine')

  test.runIf(endianness() === 'LE')("the kernel's tables are read, listeners only", () => {
    expect(parseTable(TCP, 'tcp')).toEqual([{ protocol: 'tcp', address: '127.0.0.1', port: 5432 }])
    expect(parseTable(TCP6, 'tcp')).toEqual([
      { protocol: 'tcp', address: '::', port: 22 },
      { protocol: 'tcp', address: 'fd00::2', port: 80 },
    ])
  })

  test('two sockets on one address are one service, named as the system names the port', () => {
    const names = parseServices('# comment\nssh 22/tcp # remote login\nwww 80/tcp http\n')
    const ssh = { protocol: 'tcp', address: '0.0.0.0', port: 22 } as const
    expect(toServices([ssh, ssh], names)).toMatchObject([{ key: 'tcp:0.0.0.0:22', name: 'ssh (tcp/22)' }])
  })
})

test('addresses that the kernel replaces every day, and link-local ones, are left out', () => {
  const temporary = parseTemporary(
    'fd000000000000000000000000000002 04 40 00 82     eth0\nfd0000000000000012345678abcdef01 04 40 00 01     eth0\n',
  )
  const info = (address: string) => ({ address, netmask: '', mac: '', internal: false, cidr: null })
  const interfaces = {
    eth0: [
      { ...info('192.0.2.2'), family: 'IPv4' as const },
      { ...info('fe80::1'), family: 'IPv6' as const, scopeid: 2 },
      { ...info('fd00::1234:5678:abcd:ef01'), family: 'IPv6' as const, scopeid: 0 },
      { ...info('fd00::2'), family: 'IPv6' as const, scopeid: 0 },
    ],
  }
  expect(lastingAddresses(interfaces, temporary).get('eth0')).toEqual(['192.0.2.2', 'fd00::2'])
})

describe('disks and file systems', () => {
  const device = {
    name: 'sda',
    identifier: '',
    type: 'disk',
    fsType: '',
    mount: '',
    size: 2 ** 40,
    physical: 'SSD',
    uuid: '',
    label: '',
    model: 'M',
    serial: 'S1',
    removable: false,
    protocol: 'sata',
    group: '',
    device: '/dev/sda',
  }

  test('a disk is known by its serial number, and by its name when two share one', () => {
    expect(toDisks([device]).map(({ key }) => key)).toEqual(['S1'])
    expect(toDisks([device, { ...device, name: 'sdb' }]).map(({ key }) => key)).toEqual(['sda', 'sdb'])
  })

  test('partitions, loop devices and compressed memory are no disks', () => {
    const others = [
      { ...device, type: 'part' },
      { ...device, type: 'loop' },
      { ...device, name: 'zram0' },
    ]
    expect(toDisks(others)).toEqual([])
  })

  test('use and free space never show, and a pooled file system has no size', () => {
    const mounted = {
      fs: '/dev/sda1',
      type: 'ext4',
      size: 2 ** 30,
      used: 5,
      available: 6,
      use: 7,
      mount: '/',
      rw: true,
    }
    const found = toFileSystems([
      mounted,
      { ...mounted, type: 'zfs', mount: '/tank' },
      { ...mounted, type: 'tmpfs', mount: '/run' },
    ])
    expect(found).toMatchObject([
      { key: '/', data: { size_gib: 1, device: '/dev/sda1' } },
      { key: '/tank', data: { size_gib: undefined } },
    ])
    expect(Object.keys(found[0]?.data ?? {})).toEqual(['mount', 'type', 'device', 'size_gib', 'is_writable'])
  })

  test('a list that cannot be empty fails when it is, instead of reporting that everything is gone', () => {
    expect(() => toDisks([])).toThrow(/no block device/)
    expect(() => toFileSystems([])).toThrow(/no file system/)
  })
})
