import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PluginError } from '@gleaner/sdk'
import type { ClusterAccess } from './access.ts'

const FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount'
const SERVER = 'https://kubernetes.default.svc'

/**
 * The account that Kubernetes gives to a pod. It is read anew for each call, because its token is renewed
 * every hour.
 */
export async function readServiceAccount(folder = FOLDER): Promise<ClusterAccess> {
  try {
    const [token, ca] = await Promise.all(
      ['token', 'ca.crt'].map((name) => readFile(join(folder, name), 'utf8')),
    )
    return { server: new URL(SERVER), token: token?.trim(), connection: { ca } }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    throw new PluginError(
      'ERROR_SERVICE_ACCOUNT',
      `secret_data.in_cluster: ${folder} cannot be read (${code}); the worker must run in a pod that has a service account`,
      { status: 'FAILED_PRECONDITION', cause: error },
    )
  }
}
