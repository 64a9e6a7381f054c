import * as ec2 from '@aws-sdk/client-ec2'
import * as iam from '@aws-sdk/client-iam'
import * as kms from '@aws-sdk/client-kms'
import { clientOf } from '../support.ts'
import { makeDatabases, makeStorage } from './data.ts'
import { makeIdentities, makeKey, makeRole } from './identities.ts'
import { makeEdge, makeManagement } from './management.ts'
import { makeBalancers, makeNetwork } from './network.ts'
import { makeContainers, makeFunctions, makeMessaging } from './workloads.ts'

/** Puts something of every kind that the plugin knows into one region of a moto. */
export async function fillEstate(url: string, region: string): Promise<void> {
  const at = clientOf(url, region)
  const network = await makeNetwork(new ec2.EC2Client(at))
  const roleArn = await makeRole(new iam.IAMClient(at))
  const { KeyMetadata } = await makeKey(new kms.KMSClient(at))
  const keyArn = KeyMetadata?.Arn ?? ''
  await Promise.all([
    makeIdentities(new iam.IAMClient(at)),
    makeStorage(at, region, keyArn),
    makeDatabases(at, network.subnetIds),
    makeMessaging(at, roleArn),
    makeContainers(at, roleArn, network.subnetIds),
    makeBalancers(at, network),
    makeManagement(at),
    makeEdge(at, region),
    makeFunctions(at, roleArn),
  ])
}
