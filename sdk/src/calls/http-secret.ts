import { InvalidInput } from '../errors.ts'
import type { ObjectSchema } from '../schema/json-schema.ts'

/** Declares a secret for any HTTP API: nothing, a bearer token, a user name and password, or one header. */
export const HTTP_SECRET = {
  type: 'object',
  properties: {
    token: { type: 'string', description: 'Sent as `Authorization: Bearer …`.' },
    username: { type: 'string', description: 'Sent with the password as `Authorization: Basic …`.' },
    password: { type: 'string', description: 'Goes with the user name; may be empty.' },
    header_name: { type: 'string', description: 'A header of the API’s own, such as `X-Api-Key`.' },
    header_value: { type: 'string', description: 'What that header says.' },
  },
} as const satisfies ObjectSchema

/** What a secret that is declared by `HTTP_SECRET` holds. */
export type HttpSecret = {
  readonly token?: string
  readonly username?: string
  readonly password?: string
  readonly header_name?: string
  readonly header_value?: string
}

/** The header that proves who asks. Half a pair, or two ways at once, is refused with all problems together. */
export function httpAuthorization(secret: HttpSecret): Readonly<Record<string, string>> {
  const { header_name: name, header_value: value, password, token, username } = secret
  const problems: string[] = []
  if ((username === undefined) !== (password === undefined))
    problems.push('secret_data.username and secret_data.password go together')
  if ((name === undefined) !== (value === undefined))
    problems.push('secret_data.header_name and secret_data.header_value go together')
  if ([token, username, name].filter((way) => way !== undefined).length > 1)
    problems.push('secret_data must hold one of token, username and header_name')
  if (name !== undefined && !/^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name))
    problems.push('secret_data.header_name must be the name of a header')
  if ([token, value].some((text) => /[\r\n\0]/.test(text ?? '')))
    problems.push('secret_data.token and secret_data.header_value must be one line')
  if (problems.length > 0) throw new InvalidInput(problems)
  if (token !== undefined) return { authorization: `Bearer ${token}` }
  if (username !== undefined)
    return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
  return name === undefined || value === undefined ? {} : { [name]: value }
}
