import * as autoscaling from '@aws-sdk/client-auto-scaling'
import * as ec2 from '@aws-sdk/client-ec2'
import * as elb from '@aws-sdk/client-elastic-load-balancing'
import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2'
import { type At, Tags } from './shared.ts'

export async function makeNetwork(client: ec2.EC2Client) {
  const { Vpc } = await client.send(new ec2.CreateVpcCommand({ CidrBlock: '10.1.0.0/16' }))
  const VpcId = Vpc?.VpcId ?? ''
  const { AvailabilityZones = [] } = await client.send(new ec2.DescribeAvailabilityZonesCommand({}))
  const subnetIds: string[] = []
  for (const [index, { ZoneName }] of AvailabilityZones.slice(0, 2).entries()) {
    const { Subnet } = await client.send(
      new ec2.CreateSubnetCommand({ VpcId, CidrBlock: `10.1.${index}.0/24`, AvailabilityZone: ZoneName }),
    )
    subnetIds.push(Subnet?.SubnetId ?? '')
  }
  const [SubnetId = ''] = subnetIds
  const { InternetGateway } = await client.send(new ec2.CreateInternetGatewayCommand({}))
  await client.send(
    new ec2.AttachInternetGatewayCommand({ VpcId, InternetGatewayId: InternetGateway?.InternetGatewayId }),
  )
  await client.send(new ec2.CreateEgressOnlyInternetGatewayCommand({ VpcId }))
  const { AllocationId } = await client.send(new ec2.AllocateAddressCommand({ Domain: 'vpc' }))
  await client.send(new ec2.CreateNatGatewayCommand({ SubnetId, AllocationId }))
  await client.send(new ec2.CreateTransitGatewayCommand({ Description: 'hub' }))
  await client.send(new ec2.CreateVpnGatewayCommand({ Type: 'ipsec.1' }))
  await client.send(new ec2.CreateVpcEndpointCommand({ VpcId, ServiceName: 'com.amazonaws.s3' }))
  await client.send(new ec2.CreateNetworkInterfaceCommand({ SubnetId }))
  await client.send(new ec2.CreateKeyPairCommand({ KeyName: 'admin' }))
  const { Instances: [instance] = [] } = await client.send(
    new ec2.RunInstancesCommand({
      ImageId: 'ami-12345678',
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      SubnetId,
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'web-1' }, ...Tags] }],
    }),
  )
  await client.send(new ec2.CreateImageCommand({ InstanceId: instance?.InstanceId, Name: 'golden' }))
  return { vpcId: VpcId, subnetIds }
}

export async function makeBalancers(
  at: At,
  { subnetIds, vpcId }: { readonly vpcId: string; readonly subnetIds: string[] },
): Promise<void> {
  const client = new elbv2.ElasticLoadBalancingV2Client(at)
  await client.send(new elbv2.CreateLoadBalancerCommand({ Name: 'front', Subnets: subnetIds, Tags }))
  await client.send(
    new elbv2.CreateTargetGroupCommand({ Name: 'web', Protocol: 'HTTP', Port: 80, VpcId: vpcId, Tags }),
  )
  await new elb.ElasticLoadBalancingClient(at).send(
    new elb.CreateLoadBalancerCommand({
      LoadBalancerName: 'old',
      Subnets: subnetIds.slice(0, 1),
      Listeners: [{ Protocol: 'HTTP', LoadBalancerPort: 80, InstancePort: 80 }],
      Tags,
    }),
  )
  const scaling = new autoscaling.AutoScalingClient(at)
  await scaling.send(
    new autoscaling.CreateLaunchConfigurationCommand({
      LaunchConfigurationName: 'web',
      ImageId: 'ami-12345678',
      InstanceType: 't3.micro',
      UserData: Buffer.from('export DB_PASSWORD=needle-4714-needle').toString('base64'),
    }),
  )
  await scaling.send(
    new autoscaling.CreateAutoScalingGroupCommand({
      AutoScalingGroupName: 'web',
      LaunchConfigurationName: 'web',
      MinSize: 0,
      MaxSize: 2,
      VPCZoneIdentifier: subnetIds[0],
      Tags: Tags.map((tag) => ({ ...tag, PropagateAtLaunch: false })),
    }),
  )
}
