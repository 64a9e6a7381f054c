import type { CpuOptions, InstanceNetworkInterface } from '@aws-sdk/client-ec2'
import { loadPackage } from '../load-package.ts'
import { arn, consoleLink, type Place } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'
import { nameOf, tagsOf } from '../tags.ts'

const link = (place: Place, fragment: string) => consoleLink(place, 'ec2/home', fragment)

export const ec2 = defineService({
  name: 'ec2',
  group: 'EC2',
  label: 'Compute',
  serviceCode: 'AmazonEC2',
  load: () => loadPackage('@aws-sdk/client-ec2'),
  connect: (sdk, config) => new sdk.EC2Client(config),
  kinds: (kind) => ({
    ec2_instance: kind({
      type: 'Instance',
      isPrimary: true,
      isMajor: true,
      permissions: ['ec2:DescribeInstances'],
      // A page of 500 is three megabytes of XML, and those of several regions are parsed at once.
      list: ({ pages, sdk, send }) =>
        pages(
          (NextToken) => send(new sdk.DescribeInstancesCommand({ NextToken, MaxResults: 100 })),
          (page) => page.NextToken,
          // What is terminated stays listed for an hour, without anything that could be found there.
          (page) =>
            page.Reservations?.flatMap(({ Instances = [] }) => Instances).filter(
              ({ State }) => State?.Name !== 'terminated',
            ),
        ),
      id: ({ InstanceId }, place) => arn(place, 'ec2', 'instance/', InstanceId),
      fields: (instance, place) => ({
        name: nameOf(instance.Tags, instance.InstanceId),
        tags: tagsOf(instance.Tags),
        launchedAt: instance.LaunchTime,
        instanceType: instance.InstanceType,
        instanceSize: processorsOf(instance.CpuOptions),
        ipAddresses: addressesOf(instance.NetworkInterfaces ?? []),
        link: link(place, `InstanceDetails:instanceId=${instance.InstanceId}`),
        relations: relationsOf(
          ['in', 'vpc', arn(place, 'ec2', 'vpc/', instance.VpcId)],
          ['in', 'vpc_subnet', arn(place, 'ec2', 'subnet/', instance.SubnetId)],
          ['made_from', 'ec2_image', arn(place, 'ec2', 'image/', instance.ImageId)],
          ['opened_by', 'ec2_key_pair', arn(place, 'ec2', 'key-pair/', instance.KeyName)],
          ['runs_as', undefined, instance.IamInstanceProfile?.Arn],
          ...(instance.SecurityGroups ?? []).map(
            ({ GroupId }) =>
              ['guarded_by', 'ec2_security_group', arn(place, 'ec2', 'security-group/', GroupId)] as const,
          ),
          ...(instance.BlockDeviceMappings ?? []).map(
            ({ Ebs }) => ['uses', 'ec2_volume', arn(place, 'ec2', 'volume/', Ebs?.VolumeId)] as const,
          ),
        ),
      }),
      omit: ['UsageOperationUpdateTime', 'ClientToken'],
      unordered: ['SecurityGroups', 'BlockDeviceMappings', 'NetworkInterfaces', 'NetworkInterfaces.Groups'],
    }),

    ec2_volume: kind({
      type: 'Volume',
      isPrimary: true,
      permissions: ['ec2:DescribeVolumes'],
      list: ({ pages, sdk, send }) =>
        pages(
          (NextToken) => send(new sdk.DescribeVolumesCommand({ NextToken, MaxResults: 500 })),
          (page) => page.NextToken,
          (page) => page.Volumes,
        ),
      id: ({ VolumeId }, place) => arn(place, 'ec2', 'volume/', VolumeId),
      fields: (volume, place) => ({
        name: nameOf(volume.Tags, volume.VolumeId),
        tags: tagsOf(volume.Tags),
        launchedAt: volume.CreateTime,
        instanceType: volume.VolumeType,
        instanceSize: volume.Size,
        link: link(place, `VolumeDetails:volumeId=${volume.VolumeId}`),
        relations: relationsOf(
          ['made_from', 'ec2_snapshot', arn(place, 'ec2', 'snapshot/', volume.SnapshotId || undefined)],
          ['encrypted_by', 'kms_key', volume.KmsKeyId],
          ...(volume.Attachments ?? []).map(
            ({ InstanceId }) =>
              ['attached_to', 'ec2_instance', arn(place, 'ec2', 'instance/', InstanceId)] as const,
          ),
        ),
      }),
      unordered: ['Attachments'],
    }),

    ec2_snapshot: kind({
      type: 'Snapshot',
      permissions: ['ec2:DescribeSnapshots'],
      // Public snapshots are tens of thousands that belong to others.
      list: ({ pages, sdk, send }) =>
        pages(
          (NextToken) =>
            send(new sdk.DescribeSnapshotsCommand({ OwnerIds: ['self'], NextToken, MaxResults: 500 })),
          (page) => page.NextToken,
          (page) => page.Snapshots,
        ),
      id: ({ SnapshotId }, place) => arn(place, 'ec2', 'snapshot/', SnapshotId),
      fields: (snapshot, place) => ({
        name: nameOf(snapshot.Tags, snapshot.SnapshotId),
        tags: tagsOf(snapshot.Tags),
        launchedAt: snapshot.StartTime,
        instanceSize: snapshot.VolumeSize,
        link: link(place, `SnapshotDetails:snapshotId=${snapshot.SnapshotId}`),
        relations: relationsOf(
          ['made_from', 'ec2_volume', arn(place, 'ec2', 'volume/', snapshot.VolumeId)],
          ['encrypted_by', 'kms_key', snapshot.KmsKeyId],
        ),
      }),
      omit: ['Progress'],
    }),

    ec2_image: kind({
      type: 'AMI',
      permissions: ['ec2:DescribeImages'],
      list: ({ pages, sdk, send }) =>
        pages(
          (NextToken) =>
            send(new sdk.DescribeImagesCommand({ Owners: ['self'], NextToken, MaxResults: 500 })),
          (page) => page.NextToken,
          (page) => page.Images,
        ),
      id: ({ ImageId }, place) => arn(place, 'ec2', 'image/', ImageId),
      fields: (image, place) => ({
        name: image.Name,
        tags: tagsOf(image.Tags),
        launchedAt: image.CreationDate === undefined ? undefined : new Date(image.CreationDate),
        link: link(place, `ImageDetails:imageId=${image.ImageId}`),
        relations: relationsOf(
          ...(image.BlockDeviceMappings ?? []).map(
            ({ Ebs }) =>
              ['made_from', 'ec2_snapshot', arn(place, 'ec2', 'snapshot/', Ebs?.SnapshotId)] as const,
          ),
        ),
      }),
      // A scanner finds something new in what stays as it is.
      omit: ['LastLaunchedTime', 'ScanResults'],
    }),

    ec2_security_group: kind({
      type: 'SecurityGroup',
      isPrimary: true,
      permissions: ['ec2:DescribeSecurityGroups'],
      list: ({ pages, sdk, send }) =>
        pages(
          (NextToken) => send(new sdk.DescribeSecurityGroupsCommand({ NextToken, MaxResults: 500 })),
          (page) => page.NextToken,
          (page) => page.SecurityGroups,
        ),
      id: ({ GroupId }, place) => arn(place, 'ec2', 'security-group/', GroupId),
      fields: (group, place) => ({
        name: group.GroupName,
        tags: tagsOf(group.Tags),
        link: link(place, `SecurityGroup:groupId=${group.GroupId}`),
        relations: relationsOf(['in', 'vpc', arn(place, 'ec2', 'vpc/', group.VpcId)]),
      }),
      unordered: [
        'IpPermissions.IpRanges',
        'IpPermissions.Ipv6Ranges',
        'IpPermissions.UserIdGroupPairs',
        'IpPermissions',
        'IpPermissionsEgress.IpRanges',
        'IpPermissionsEgress',
      ],
    }),

    ec2_address: kind({
      type: 'EIP',
      permissions: ['ec2:DescribeAddresses'],
      list: ({ page, sdk, send }) =>
        page(send(new sdk.DescribeAddressesCommand({})).then(({ Addresses }) => Addresses)),
      id: ({ AllocationId }, place) => arn(place, 'ec2', 'elastic-ip/', AllocationId),
      fields: (address, place) => ({
        name: nameOf(address.Tags, address.PublicIp),
        tags: tagsOf(address.Tags),
        ipAddresses: [address.PublicIp, address.PrivateIpAddress].filter((each) => each !== undefined),
        link: link(place, `ElasticIpDetails:AllocationId=${address.AllocationId}`),
        relations: relationsOf(
          ['attached_to', 'ec2_instance', arn(place, 'ec2', 'instance/', address.InstanceId || undefined)],
          [
            'attached_to',
            'vpc_interface',
            arn(place, 'ec2', 'network-interface/', address.NetworkInterfaceId),
          ],
        ),
      }),
    }),

    ec2_key_pair: kind({
      type: 'KeyPair',
      permissions: ['ec2:DescribeKeyPairs'],
      list: ({ page, sdk, send }) =>
        page(send(new sdk.DescribeKeyPairsCommand({})).then(({ KeyPairs }) => KeyPairs)),
      // Instances name keys by name, and the ARN does as well.
      id: ({ KeyName }, place) => arn(place, 'ec2', 'key-pair/', KeyName),
      fields: (key, place) => ({
        name: key.KeyName,
        tags: tagsOf(key.Tags),
        launchedAt: key.CreateTime,
        link: link(place, `KeyPairs:keyName=${key.KeyName}`),
      }),
    }),
  }),
})

/** As many as the machine shows, which is what the size of a machine is elsewhere too. */
function processorsOf({
  CoreCount: cores,
  ThreadsPerCore: threads = 1,
}: CpuOptions = {}): number | undefined {
  return cores === undefined ? undefined : cores * threads
}

function addressesOf(interfaces: readonly InstanceNetworkInterface[]): readonly string[] {
  const all = interfaces.flatMap(({ Association, Ipv6Addresses = [], PrivateIpAddresses = [] }) => [
    ...PrivateIpAddresses.map(({ PrivateIpAddress }) => PrivateIpAddress),
    ...Ipv6Addresses.map(({ Ipv6Address }) => Ipv6Address),
    Association?.PublicIp,
  ])
  return [...new Set(all.filter((address) => address !== undefined))].toSorted()
}
