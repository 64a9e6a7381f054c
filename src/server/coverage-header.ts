/**
 * Asks how complete an answer is, with any value, and in the answer says it: an HTTP header, or metadata of
 * gRPC. Beside the message, so that the messages of the contract stay as they are.
 */
export const COVERAGE_HEADER = 'x-gleaner-coverage'
