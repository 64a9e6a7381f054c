import type { DescField, DescMessage, Message } from '@bufbuild/protobuf'
import { InvalidParameter } from '../core/errors.ts'
import type { RequestLimits } from './limits.ts'

/** A value still to be looked at. The chain of parents is only walked when an error needs the path. */
type Node = {
  readonly value: unknown
  /** The message type of `value`; absent for text, numbers, lists and the plain JSON inside a Struct. */
  readonly desc?: DescMessage
  readonly key: string
  readonly parent?: Node
  readonly depth: number
}

/**
 * Refuses what the database or a later reader would choke on: too many levels or keys, U+0000 and half
 * surrogate pairs in text, NaN and Infinity, enum numbers nobody has defined. Runs for both transports after
 * decoding, with a stack of its own: what it guards against would overflow the call stack.
 */
export function assertContent(desc: DescMessage, message: Message, limits: RequestLimits): void {
  const open: Node[] = [{ value: message, desc, key: '', depth: 1 }]
  let keys = 0
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.depth > limits.maxDepth) {
      throw new InvalidParameter(pathOf(node), `nested deeper than ${limits.maxDepth} levels`)
    }
    const children = childrenOf(node)
    keys += children.length
    if (keys > limits.maxKeys) {
      throw new InvalidParameter(pathOf(node), `the request holds more than ${limits.maxKeys} values`)
    }
    for (const child of children) open.push(child)
  }
}

function childrenOf(node: Node): Node[] {
  const { value } = node
  if (typeof value === 'string') assertText(value, node)
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new InvalidParameter(pathOf(node), 'NaN and Infinity cannot be stored')
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return []
  if (Array.isArray(value)) {
    return value.map((item, index) => child(node, item, String(index), node.depth, node.desc))
  }
  return node.desc === undefined ? keysOfJson(node, value) : fieldsOfMessage(node, asRecord(value), node.desc)
}

function keysOfJson(node: Node, json: object): Node[] {
  return Object.entries(json).map(([key, value]) => {
    assertText(key, node)
    return child(node, value, key, node.depth)
  })
}

function fieldsOfMessage(node: Node, message: Record<string, unknown>, desc: DescMessage): Node[] {
  const found: Node[] = []
  for (const member of desc.members) {
    if (member.kind === 'oneof') {
      const chosen = asRecord(message[member.localName] ?? {})
      const field = member.fields.find((each) => each.localName === chosen.case)
      if (field !== undefined) found.push(fieldNode(node, field, chosen.value, desc))
    } else if (member.fieldKind === 'map') {
      found.push(...entriesOfMap(node, member, message[member.localName]))
    } else if (message[member.localName] !== undefined) {
      found.push(fieldNode(node, member, message[member.localName], desc))
    }
  }
  return found
}

function fieldNode(node: Node, field: DescField, value: unknown, owner: DescMessage): Node {
  if (field.enum !== undefined) assertEnum(node, field, value)
  const desc = field.message
  // Outside google.protobuf the runtime hands out a Struct as plain JSON, whatever keys it has.
  const isPlainJson = desc?.typeName === 'google.protobuf.Struct' && !isWellKnown(owner)
  // A Value is the object in it, and a ListValue is its list: one JSON level each, not two.
  const depth = isWellKnown(owner) ? node.depth - 1 : node.depth
  return child(node, value, field.name, depth, isPlainJson ? undefined : desc)
}

function entriesOfMap(node: Node, field: DescField, map: unknown): Node[] {
  return Object.entries(asRecord(map)).map(([key, value]) => {
    assertText(key, node)
    return child(node, value, key, node.depth, field.message)
  })
}

function child(parent: Node, value: unknown, key: string, parentDepth: number, desc?: DescMessage): Node {
  const depth = typeof value === 'object' && value !== null ? parentDepth + 1 : parentDepth
  return desc === undefined ? { value, key, parent, depth } : { value, desc, key, parent, depth }
}

function assertEnum(node: Node, field: DescField, value: unknown): void {
  for (const number of Array.isArray(value) ? value : [value]) {
    if (field.enum?.values.some((each) => each.number === number)) continue
    const names = field.enum?.values.map((each) => each.name).join(', ')
    throw new InvalidParameter(pathOf(child(node, number, field.name, 0)), `not one of ${names}`)
  }
}

function assertText(text: string, node: Node): void {
  if (text.includes('\u0000')) {
    throw new InvalidParameter(pathOf(node), 'text with the character U+0000 cannot be stored')
  }
  if (!text.isWellFormed()) {
    throw new InvalidParameter(pathOf(node), 'text with half a surrogate pair cannot be stored')
  }
}

function isWellKnown(desc: DescMessage): boolean {
  return desc.typeName.startsWith('google.protobuf.')
}

function pathOf(node: Node): string {
  const names: string[] = []
  for (let at: Node | undefined = node; at?.parent !== undefined; at = at.parent) names.unshift(at.key)
  return shorten(names.join('.'))
}

/** A path 10,000 levels long helps nobody. */
function shorten(path: string): string {
  return path.length <= 200 ? path : `${path.slice(0, 200)}…`
}

function asRecord(value: unknown): Record<string, unknown> {
  return value as Record<string, unknown>
}
