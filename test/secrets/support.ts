import type { JsonObject } from '@bufbuild/protobuf'
import { newId } from '../../src/core/ids.ts'
import { type Keyring, type NewSecret, storeSecret } from '../../src/secrets/index.ts'
import type { Database } from '../../src/storage/index.ts'

/** Stores a secret with these data, and returns its key. */
export async function givenSecret(
  { db, keyring }: { db: Database; keyring: Keyring },
  wanted: Partial<NewSecret> & { domainId: string; data?: JsonObject },
) {
  const { data = { token: 'hunter2' }, ...fields } = wanted
  const secret: NewSecret = {
    secretId: newId('secret'),
    name: 'Credentials',
    schema: '',
    provider: '',
    serviceAccountId: '',
    projectId: '',
    tags: {},
    createdAt: new Date(),
    ...fields,
  }
  await db.transaction((tx) => storeSecret(tx, keyring, secret, data))
  return { domainId: secret.domainId, secretId: secret.secretId }
}

/** A group of these secrets. */
export async function givenGroup(db: Database, domainId: string, secretIds: readonly string[]) {
  const secretGroupId = newId('secretGroup')
  await db.query(
    `insert into secret_group (domain_id, secret_group_id, name, created_at) values ($1, $2, 'Group', now())`,
    [domainId, secretGroupId],
  )
  await db.query(
    `insert into secret_group_member (domain_id, secret_group_id, secret_id, added_at)
     select $1, $2, id, now() from unnest($3::text[]) as id`,
    [domainId, secretGroupId, secretIds],
  )
  return secretGroupId
}

export async function givenProject(db: Database, domainId: string, projectId: string = newId('project')) {
  await db.query(
    `insert into project (domain_id, project_id, name, created_at) values ($1, $2, 'Project', now())`,
    [domainId, projectId],
  )
  return projectId
}

export async function givenServiceAccount(db: Database, domainId: string, provider = 'acme') {
  const serviceAccountId = newId('serviceAccount')
  await db.query(
    `insert into service_account (domain_id, service_account_id, name, provider, created_at)
     values ($1, $2, 'Account', $3, now())`,
    [domainId, serviceAccountId, provider],
  )
  return serviceAccountId
}
