import { loadPackage } from '../load-package.ts'
import { arn, consoleLink, type Place } from '../place.ts'
import { relationsOf } from '../relations.ts'
import { defineService } from '../service.ts'
import { nameOf, tagsOf } from '../tags.ts'

const link = (place: Place, fragment: string) => consoleLink(place, 'vpcconsole/home', fragment)
const vpcOf = (place: Place, id: string | undefined) => ['in', 'vpc', arn(place, 'ec2', 'vpc/', id)] as const
const subnetOf = (place: Place, id: string | undefined) =>
  ['in', 'vpc_subnet', arn(place, 'ec2', 'subnet/', id)] as const

export const vpc = defineService({
  name: 'vpc',
  api: 'ec2',
  group: 'VPC',
  label: 'Networking',
  serviceCode: 'AmazonVPC',
  load: () => loadPackage('@aws-sdk/client-ec2'),
  connect: (sdk, config) => new sdk.EC2Client(config),
  kinds: (kind) => ({
    vpc: kind({
      type: 'VPC',
      isPrimary: true,
      isMajor: true,
      permissions: ['ec2:DescribeVpcs'],
      list: ({ pages, sdk, send }) =>
        pages(
          (NextToken) => send(new sdk.DescribeVpcsCommand({ NextToken, MaxResults: 500 })),
          (page) => page.NextToken,
          (page) => page.Vpcs,
        ),
      id: ({ VpcId }, place) => arn(place, 'ec2', 'vpc/', VpcId),
      fields: ({ Tags, VpcId }, place) => ({
        name: nameOf(Tags, VpcId),
        tags: tagsOf(Tags),
        link: link(place, `VpcDetails:VpcId=${VpcId}`),
      }),
      unordered: ['CidrBlockAssociationSet', 'Ipv6CidrBlockAssociationSet'],
    }),

    vpc_subnet: kind({
      type: 'Subnet',
      isPrimary: true,
      permissions: ['ec2:DescribeSubnets'],
      list: ({ pages, sdk, send }) =>
        pages(
          (NextToken) => send(new sdk.DescribeSubnetsCommand({ NextToken, MaxResults: 500 })),
          (page) => page.NextToken,
          (page) => page.Subnets,
        ),
      id: ({ SubnetId }, place) => arn(place, 'ec2', 'subnet/', SubnetId),
      fields: ({ SubnetId, Tags, VpcId }, place) => ({
        name: nameOf(Tags, SubnetId),
        tags: tagsOf(Tags),
        link: link(place, `SubnetDetails:subnetId=${SubnetId}`),
        relations: relationsOf(vpcOf(place, VpcId)),
      }),
      omit: ['AvailableIpAddressCount'],
    }),

    vpc_route_table: kind({
      type: 'RouteTable',
      permissions: ['ec2:DescribeRouteTables'],
      list: ({ pages, sdk, send }) =>
        pages(
          (NextToken) => send(new sdk.DescribeRouteTablesCommand({ NextToken, MaxResults: 100 })),
          (page) => page.NextToken,
          (page) => page.RouteTables,
        ),
      id: ({ RouteTableId }, place) => arn(place, 'ec2', 'route-table/', RouteTableId),
      fields: ({ Associations = [], RouteTableId, Tags, VpcId }, place) => ({
        name: nameOf(Tags, RouteTableId),
        tags: tagsOf(Tags),
        link: link(place, `RouteTableDetails:RouteTableId=${RouteTableId}`),
        relations: relationsOf(
          vpcOf(place, VpcId),
          ...Associations.map(
            ({ SubnetId }) => ['routes', 'vpc_subnet', arn(place, 'ec2', 'subnet/', SubnetId)] as const,
          ),
        ),
      }),
      unordered: ['Associations', 'Routes'],
    }),

    vpc_network_acl: kind({
      type: 'NetworkACL',
      permissions: ['ec2:DescribeNetworkAcls'],
      list: ({ pages, sdk, send }) =>
        pages(
          (NextToken) => send(new sdk.DescribeNetworkAclsCommand({ NextToken, MaxResults: 500 })),
          (page) => page.NextToken,
          (page) => page.NetworkAcls,
        ),
      id: ({ NetworkAclId }, place) => arn(place, 'ec2', 'network-acl/', NetworkAclId),
      fields: ({ NetworkAclId, Tags, VpcId }, place) => ({
        name: nameOf(Tags, NetworkAclId),
        tags: tagsOf(Tags),
        link: link(place, `NetworkAclDetails:networkAclId=${NetworkAclId}`),
        relations: relationsOf(vpcOf(place, VpcId)),
      }),
      unordered: ['Associations', 'Entries'],
    }),

    vpc_internet_gateway: kind({
      type: 'InternetGateway',
      permissions: ['ec2:DescribeInternetGateways'],
      list: ({ pages, sdk, send }) =>
        pages(
          (NextToken) => send(new sdk.DescribeInternetGatewaysCommand({ NextToken, MaxResults: 500 })),
          (page) => page.NextToken,
          (page) => page.InternetGateways,
        ),
      id: ({ InternetGatewayId }, place) => arn(place, 'ec2', 'internet-gateway/', InternetGatewayId),
      fields: ({ Attachments = [], InternetGatewayId, Tags }, place) => ({
        name: nameOf(Tags, InternetGatewayId),
        tags: tagsOf(Tags),
        link: link(place, `InternetGateway:internetGatewayId=${InternetGatewayId}`),
        relations: relationsOf(...Attachments.map(({ VpcId }) => vpcOf(place, VpcId))),
      }),
    }),

    vpc_egress_gateway: kind({
      type: 'EgressOnlyInternetGateway',
      permissions: ['ec2:DescribeEgressOnlyInternetGateways'],
      list: ({ pages, sdk, send }) =>
        pages(
          (NextToken) =>
            send(new sdk.DescribeEgressOnlyInternetGatewaysCommand({ NextToken, MaxResults: 255 })),
          (page) => page.NextToken,
          (page) => page.EgressOnlyInternetGateways,
        ),
      id: ({ EgressOnlyInternetGatewayId }, place) =>
        arn(place, 'ec2', 'egress-only-internet-gateway/', EgressOnlyInternetGatewayId),
      fields: ({ Attachments = [], EgressOnlyInternetGatewayId, Tags }, place) => ({
        name: nameOf(Tags, EgressOnlyInternetGatewayId),
        tags: tagsOf(Tags),
        link: link(place, `EgressOnlyInternetGateway:id=${EgressOnlyInternetGatewayId}`),
        relations: relationsOf(...Attachments.map(({ VpcId }) => vpcOf(place, VpcId))),
      }),
    }),

    vpc_nat_gateway: kind({
      type: 'NATGateway',
      isPrimary: true,
      permissions: ['ec2:DescribeNatGateways'],
      list: ({ pages, sdk, send }) =>
        pages(
          (NextToken) => send(new sdk.DescribeNatGatewaysCommand({ NextToken, MaxResults: 500 })),
          (page) => page.NextToken,
          // What is deleted stays listed for an hour.
          (page) => page.NatGateways?.filter(({ State }) => State !== 'deleted'),
        ),
      id: ({ NatGatewayId }, place) => arn(place, 'ec2', 'natgateway/', NatGatewayId),
      fields: ({ CreateTime, NatGatewayAddresses = [], NatGatewayId, SubnetId, Tags, VpcId }, place) => ({
        name: nameOf(Tags, NatGatewayId),
        tags: tagsOf(Tags),
        launchedAt: CreateTime,
        ipAddresses: NatGatewayAddresses.flatMap(({ PrivateIp, PublicIp }) => [PublicIp, PrivateIp]).filter(
          (address) => address !== undefined,
        ),
        link: link(place, `NatGatewayDetails:natGatewayId=${NatGatewayId}`),
        relations: relationsOf(vpcOf(place, VpcId), subnetOf(place, SubnetId)),
      }),
      unordered: ['NatGatewayAddresses'],
    }),

    vpc_transit_gateway: kind({
      type: 'TransitGateway',
      permissions: ['ec2:DescribeTransitGateways'],
      list: ({ pages, sdk, send }) =>
        pages(
          (NextToken) => send(new sdk.DescribeTransitGatewaysCommand({ NextToken, MaxResults: 500 })),
          (page) => page.NextToken,
          (page) => page.TransitGateways?.filter(({ State }) => State !== 'deleted'),
        ),
      id: ({ TransitGatewayArn }) => TransitGatewayArn,
      fields: ({ CreationTime, Tags, TransitGatewayId }, place) => ({
        name: nameOf(Tags, TransitGatewayId),
        tags: tagsOf(Tags),
        launchedAt: CreationTime,
        link: link(place, `TransitGatewayDetails:transitGatewayId=${TransitGatewayId}`),
      }),
    }),

    vpc_vpn_gateway: kind({
      type: 'VPNGateway',
      permissions: ['ec2:DescribeVpnGateways'],
      list: ({ page, sdk, send }) =>
        page(
          send(new sdk.DescribeVpnGatewaysCommand({})).then(({ VpnGateways = [] }) =>
            VpnGateways.filter(({ State }) => State !== 'deleted'),
          ),
        ),
      id: ({ VpnGatewayId }, place) => arn(place, 'ec2', 'vpn-gateway/', VpnGatewayId),
      fields: ({ Tags, VpcAttachments = [], VpnGatewayId }, place) => ({
        name: nameOf(Tags, VpnGatewayId),
        tags: tagsOf(Tags),
        link: link(place, `VpnGatewayDetails:VpnGatewayId=${VpnGatewayId}`),
        relations: relationsOf(...VpcAttachments.map(({ VpcId }) => vpcOf(place, VpcId))),
      }),
    }),

    vpc_interface: kind({
      type: 'NetworkInterface',
      permissions: ['ec2:DescribeNetworkInterfaces'],
      list: ({ pages, sdk, send }) =>
        pages(
          (NextToken) => send(new sdk.DescribeNetworkInterfacesCommand({ NextToken, MaxResults: 200 })),
          (page) => page.NextToken,
          (page) => page.NetworkInterfaces,
        ),
      id: ({ NetworkInterfaceId }, place) => arn(place, 'ec2', 'network-interface/', NetworkInterfaceId),
      fields: (each, place) => ({
        name: nameOf(each.TagSet, each.NetworkInterfaceId),
        tags: tagsOf(each.TagSet),
        ipAddresses: (each.PrivateIpAddresses ?? [])
          .flatMap(({ Association, PrivateIpAddress }) => [PrivateIpAddress, Association?.PublicIp])
          .filter((address) => address !== undefined)
          .toSorted(),
        link: consoleLink(
          place,
          'ec2/home',
          `NetworkInterface:networkInterfaceId=${each.NetworkInterfaceId}`,
        ),
        relations: relationsOf(
          vpcOf(place, each.VpcId),
          subnetOf(place, each.SubnetId),
          ['attached_to', 'ec2_instance', arn(place, 'ec2', 'instance/', each.Attachment?.InstanceId)],
          ...(each.Groups ?? []).map(
            ({ GroupId }) =>
              ['guarded_by', 'ec2_security_group', arn(place, 'ec2', 'security-group/', GroupId)] as const,
          ),
        ),
      }),
      unordered: ['Groups', 'PrivateIpAddresses'],
    }),

    vpc_endpoint: kind({
      type: 'Endpoint',
      permissions: ['ec2:DescribeVpcEndpoints'],
      list: ({ pages, sdk, send }) =>
        pages(
          (NextToken) => send(new sdk.DescribeVpcEndpointsCommand({ NextToken, MaxResults: 500 })),
          (page) => page.NextToken,
          (page) => page.VpcEndpoints,
        ),
      id: ({ VpcEndpointId }, place) => arn(place, 'ec2', 'vpc-endpoint/', VpcEndpointId),
      fields: ({ CreationTimestamp, Tags, VpcEndpointId, VpcId }, place) => ({
        name: nameOf(Tags, VpcEndpointId),
        tags: tagsOf(Tags),
        launchedAt: CreationTimestamp,
        link: link(place, `EndpointDetails:vpcEndpointId=${VpcEndpointId}`),
        relations: relationsOf(vpcOf(place, VpcId)),
      }),
      unordered: ['RouteTableIds', 'SubnetIds', 'Groups', 'NetworkInterfaceIds', 'DnsEntries'],
    }),
  }),
})
