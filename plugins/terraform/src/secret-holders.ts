/**
 * Types of resources that exist to hold a secret. Its value has a plain name there, such as `data` of a
 * `kubernetes_secret` or `value` of an `aws_ssm_parameter`, and up to Terraform 1.9 no mark, because only the
 * provider's schema calls it sensitive.
 */
const HOLDER = /secret|sensitive|passw|credential|ssm_parameter|vault_(kv|generic)|random_bytes|_variable$/i

const PAYLOAD =
  /^(value|insecure_value|values|data|binary_data|string_data|data_json|content|content_base64|plaintext|plaintext_value|encrypted_value|payload|items|hex|base64)$/i

/** Whether an attribute of a resource of this type is the secret that the resource holds. */
export function isPayload(resourceType: string, attribute: string): boolean {
  return HOLDER.test(resourceType) && PAYLOAD.test(attribute)
}
