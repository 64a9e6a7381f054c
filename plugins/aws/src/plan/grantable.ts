/** Verbs of calls that look and change nothing. */
const LOOKS = /:(Get|GET$|List|Describe|BatchGet|BatchDescribe|Search|View)/i

/** Calls that only look, and hand out what is to stay closed: secrets, tokens, and the contents of stores. */
const OPENS =
  /^(secretsmanager:GetSecretValue|secretsmanager:BatchGetSecretValue|ssm:GetParameter\w*|s3:GetObject(Version)?|dynamodb:(Batch)?GetItem|cognito-idp:ListUserPoolClientSecrets|codeartifact:GetAuthorizationToken|ecr:GetAuthorizationToken|route53globalresolver:GetAccessToken|sts:Get(SessionToken|FederationToken|WebIdentityToken))$/i

/**
 * Whether a policy for reading may grant an action. Specifications of types also name what their handlers
 * call to create a thing or to open it; who reads an inventory never gets that, and a type that insists on it
 * costs its own cells.
 */
export function isGrantable(action: string): boolean {
  return LOOKS.test(action) && !OPENS.test(action)
}
