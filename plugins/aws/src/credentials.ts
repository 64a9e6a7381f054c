import { readFile } from 'node:fs/promises'
import { createCredential, InvalidInput, PluginError } from '@gleaner/sdk'
import { loadProfiles, loadSts } from './clients.ts'
import type { ClientConfig } from './connect.ts'
import { classify } from './errors.ts'
import type { Secret } from './options.ts'

/** Credentials as the SDK's clients want them: asked for before each call, so that they are never stale. */
export type Credentials = () => Promise<Identity>

export type Identity = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly expiration?: Date
}

export type Role = { readonly role_arn: string; readonly external_id?: string | undefined }

/** How STS is asked; its place is the business of the caller. */
export type Sts = {
  readonly configFor: (credentials: Credentials | undefined) => ClientConfig
  /**
   * Sends a call in its turn. What waits for the credentials of another role must not hold up that one, so
   * each has turns of its own.
   */
  readonly inTurn: <T>(role: string, call: () => Promise<T>) => Promise<T>
}

const SESSION_NAME = 'gleaner'

/** What a secret opens: its beginning, and the roles that are assumed from there one after the other. */
export function openSecret(secret: Secret, sts: Sts): Credentials {
  const first = beginning(secret, sts)
  const roles: readonly Role[] = [
    ...(secret.role_arn === undefined
      ? []
      : [{ role_arn: secret.role_arn, external_id: secret.external_id }]),
    ...secret.roles,
  ]
  return roles.reduce<Credentials>((from, role) => assumeRole(from, role, sts), first)
}

/** Credentials of a role, renewed in the background when half of their life is over. */
export function assumeRole(from: Credentials, role: Role, sts: Sts): Credentials {
  return createCredential(async () => {
    const { AssumeRoleCommand, STSClient } = await loadSts()
    const client = new STSClient(sts.configFor(from))
    const command = new AssumeRoleCommand({
      RoleArn: role.role_arn,
      RoleSessionName: SESSION_NAME,
      ExternalId: role.external_id,
    })
    const attempt = { what: `assuming role '${role.role_arn}'`, action: 'sts:AssumeRole' }
    const { Credentials: issued } = await sts.inTurn(role.role_arn, () =>
      client.send(command).catch((error: unknown) => Promise.reject(classify(error, attempt))),
    )
    return fromSts(issued, `role '${role.role_arn}'`)
  })
}

function beginning(secret: Secret, sts: Sts): Credentials {
  const ways = [
    secret.aws_access_key_id !== undefined,
    secret.profile !== undefined,
    secret.web_identity_token !== undefined || secret.web_identity_token_file !== undefined,
  ].filter(Boolean)
  if (ways.length !== 1)
    throw new InvalidInput([
      'secret_data must have exactly one of aws_access_key_id, profile, web_identity_token and web_identity_token_file',
    ])
  if (secret.profile !== undefined) return fromProfile(secret)
  if (secret.aws_access_key_id !== undefined) return fromKey(secret, secret.aws_access_key_id)
  return fromWebIdentity(secret, sts)
}

function fromKey(secret: Secret, accessKeyId: string): Credentials {
  const { aws_secret_access_key: secretAccessKey, aws_session_token: sessionToken } = secret
  if (secretAccessKey === undefined)
    throw new InvalidInput(['secret_data.aws_secret_access_key is missing beside aws_access_key_id'])
  return async () => ({
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  })
}

/** A profile keeps fresh by itself what it gets from elsewhere. */
function fromProfile(secret: Secret): Credentials {
  let provider: Credentials | undefined
  return async () => {
    const { fromIni } = await loadProfiles()
    const { profile, shared_config_file: configFilepath, shared_credentials_file: filepath } = secret
    provider ??= fromIni({
      ...(profile === undefined ? {} : { profile }),
      ...(configFilepath === undefined ? {} : { configFilepath }),
      ...(filepath === undefined ? {} : { filepath }),
    })
    try {
      return await provider()
    } catch (error) {
      throw new PluginError('ERROR_AUTHENTICATE_FAILURE', `profile '${profile}': ${messageOf(error)}`, {
        status: 'UNAUTHENTICATED',
        cause: error,
      })
    }
  }
}

function fromWebIdentity(secret: Secret, sts: Sts): Credentials {
  const { web_identity_role_arn: roleArn } = secret
  if (roleArn === undefined)
    throw new InvalidInput(['secret_data.web_identity_role_arn is missing beside the web identity token'])
  return createCredential(async () => {
    const { AssumeRoleWithWebIdentityCommand, STSClient } = await loadSts()
    const client = new STSClient(sts.configFor(undefined))
    const attempt = {
      what: `assuming role '${roleArn}' by web identity`,
      action: 'sts:AssumeRoleWithWebIdentity',
    }
    const { Credentials: issued } = await sts.inTurn(roleArn, async () => {
      try {
        const command = new AssumeRoleWithWebIdentityCommand({
          RoleArn: roleArn,
          RoleSessionName: SESSION_NAME,
          WebIdentityToken: await readToken(secret),
        })
        return await client.send(command)
      } catch (error) {
        throw classify(error, attempt)
      }
    })
    return fromSts(issued, `role '${roleArn}'`)
  })
}

async function readToken({
  web_identity_token: token,
  web_identity_token_file: file,
}: Secret): Promise<string> {
  if (token !== undefined) return token
  return (await readFile(file ?? '', 'utf8')).trim()
}

type Issued = {
  readonly AccessKeyId: string | undefined
  readonly SecretAccessKey: string | undefined
  readonly SessionToken: string | undefined
  readonly Expiration: Date | undefined
}

function fromSts(issued: Issued | undefined, what: string) {
  const { AccessKeyId, Expiration, SecretAccessKey, SessionToken } = issued ?? {}
  if (AccessKeyId === undefined || SecretAccessKey === undefined || Expiration === undefined)
    throw new PluginError('ERROR_ANSWER', `STS gave no credentials for ${what}`)
  const value: Identity = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(SessionToken === undefined ? {} : { sessionToken: SessionToken }),
    expiration: Expiration,
  }
  return { value, expiresAt: Expiration }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
