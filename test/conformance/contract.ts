import { createFileRegistry, type DescMethod, fromBinary } from '@bufbuild/protobuf'
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt'
import { descriptorSetBase64 } from '../../src/gen/descriptor-set.ts'

const registry = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, Buffer.from(descriptorSetBase64, 'base64')),
)

/** The descriptor of a method by its full name, `spaceone.api.inventory.v1.Region.get`. */
export function methodOf(name: string): DescMethod {
  const dot = name.lastIndexOf('.')
  const method = registry
    .getService(name.slice(0, dot))
    ?.methods.find((each) => each.name === name.slice(dot + 1))
  if (method === undefined) throw new Error(`the contract has no method '${name}'`)
  return method
}
