import { fromBinary, getOption, hasOption } from '@bufbuild/protobuf'
import { nestedTypes } from '@bufbuild/protobuf/reflect'
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt'
import { expect, test } from 'vitest'
import comments from '../../src/gen/comments.json' with { type: 'json' }
import { descriptorFileRanges, descriptorSetBase64 } from '../../src/gen/descriptor-set.ts'
import { http } from '../../src/gen/google/api/annotations_pb.ts'
import { loadContract } from './contract-facts.ts'

/** Which file declares which service. Clients that use reflection import their stubs by these names. */
const SERVICE_FILES = {
  'gleaner.plugin.v1.Extension': 'gleaner/plugin/v1/extension.proto',
  'gleaner.v1.ApiKey': 'gleaner/v1/api_key.proto',
  'gleaner.v1.Audit': 'gleaner/v1/audit.proto',
  'gleaner.v1.Domain': 'gleaner/v1/domain.proto',
  'gleaner.v1.CollectorPlan': 'gleaner/v1/collector_plan.proto',
  'gleaner.v1.CollectorSettings': 'gleaner/v1/collector_settings.proto',
  'gleaner.v1.Coverage': 'gleaner/v1/coverage.proto',
  'gleaner.v1.JobControl': 'gleaner/v1/job_control.proto',
  'gleaner.v1.DomainSettings': 'gleaner/v1/domain_settings.proto',
  'gleaner.v1.Event': 'gleaner/v1/event.proto',
  'gleaner.v1.History': 'gleaner/v1/history.proto',
  'gleaner.v1.JobProgress': 'gleaner/v1/job.proto',
  'gleaner.v1.PluginDescription': 'gleaner/v1/plugin_description.proto',
  'gleaner.v1.PluginProcess': 'gleaner/v1/plugin_process.proto',
  'gleaner.v1.PluginVersion': 'gleaner/v1/plugin_version.proto',
  'gleaner.v1.Schedule': 'gleaner/v1/schedule.proto',
  'gleaner.v1.SecretKey': 'gleaner/v1/secret_key.proto',
  'gleaner.v1.SecretOpening': 'gleaner/v1/secret_opening.proto',
  'gleaner.v1.Search': 'gleaner/v1/search.proto',
  'gleaner.v1.Webhook': 'gleaner/v1/webhook.proto',
  'spaceone.api.core.v1.ServerInfo': 'spaceone/api/core/v1/server_info.proto',
  'spaceone.api.identity.v1.Project': 'spaceone/api/identity/v1/project.proto',
  'spaceone.api.identity.v1.ServiceAccount': 'spaceone/api/identity/v1/service_account.proto',
  'spaceone.api.inventory.plugin.Collector': 'spaceone/api/inventory/plugin/collector.proto',
  'spaceone.api.inventory.plugin.Job': 'spaceone/api/inventory/plugin/job.proto',
  'spaceone.api.inventory.v1.ChangeHistory': 'spaceone/api/inventory/v1/change_history.proto',
  'spaceone.api.inventory.v1.CloudService': 'spaceone/api/inventory/v1/cloud_service.proto',
  'spaceone.api.inventory.v1.CloudServiceType': 'spaceone/api/inventory/v1/cloud_service_type.proto',
  'spaceone.api.inventory.v1.Collector': 'spaceone/api/inventory/v1/collector.proto',
  'spaceone.api.inventory.v1.CollectorRule': 'spaceone/api/inventory/v1/collector_rule.proto',
  'spaceone.api.inventory.v1.Job': 'spaceone/api/inventory/v1/job.proto',
  'spaceone.api.inventory.v1.JobTask': 'spaceone/api/inventory/v1/job_task.proto',
  'spaceone.api.inventory.v1.Region': 'spaceone/api/inventory/v1/region.proto',
  'spaceone.api.repository.v1.Plugin': 'spaceone/api/repository/v1/plugin.proto',
  'spaceone.api.secret.v1.Secret': 'spaceone/api/secret/v1/secret.proto',
  'spaceone.api.secret.v1.SecretGroup': 'spaceone/api/secret/v1/secret_group.proto',
}

const set = Buffer.from(descriptorSetBase64, 'base64')
const contract = loadContract()
const files = [...contract.files].filter((file) => /^(spaceone|gleaner)\./.test(file.proto.package))
const services = files.flatMap((file) => file.services)

test('each service is declared first and alone in the file that clients know it by', () => {
  const declared = services.map((service) => [service.typeName, service.file.proto.name])
  expect(Object.fromEntries(declared)).toEqual(SERVICE_FILES)
  expect(files.filter((file) => file.services.length > 1).map((file) => file.name)).toEqual([])
})

test('each file lies in the folder of its package', () => {
  for (const { proto } of files) {
    expect(proto.name.slice(0, proto.name.lastIndexOf('/'))).toBe(proto.package.replaceAll('.', '/'))
  }
})

test('a job and its errors are declared beside the collector, which returns them', () => {
  const fileOf = (name: string) => contract.getMessage(`spaceone.api.inventory.v1.${name}`)?.file.proto.name
  expect(fileOf('JobInfo')).toBe('spaceone/api/inventory/v1/collector.proto')
  expect(fileOf('ErrorInfo')).toBe('spaceone/api/inventory/v1/collector.proto')
})

test('every method that this server offers over REST has a path, and no two share one', () => {
  const methods = services
    .filter((service) => /\.inventory\.v1\.|^gleaner\.v\d/.test(service.typeName))
    .flatMap((service) => service.methods)
  expect(methods.filter((method) => !hasOption(method, http)).map(String)).toEqual([])
  const paths = methods.map((method) => getOption(method, http).pattern.value)
  expect(new Set(paths).size).toBe(methods.length)
})

test('the extension that carries a path has the public number, so that other readers find it', () => {
  const extension = contract.getExtension('google.api.http')
  expect(extension?.number).toBe(72295728)
  expect(extension?.extendee.typeName).toBe('google.protobuf.MethodOptions')
  expect(contract.getMessage('google.api.HttpRule')?.fields.map((f) => `${f.number} ${f.name}`)).toEqual([
    '1 selector',
    '2 get',
    '3 put',
    '4 post',
    '5 delete',
    '6 patch',
    '8 custom',
    '7 body',
    '11 additional_bindings',
    '12 response_body',
  ])
})

test('each range of the descriptor set holds exactly the bytes of the file it names', () => {
  const { file } = fromBinary(FileDescriptorSetSchema, set)
  expect(Object.keys(descriptorFileRanges)).toEqual(file.map(({ name }) => name))
  for (const [index, [start, end]] of Object.values(descriptorFileRanges).entries()) {
    expect(fromBinary(FileDescriptorProtoSchema, set.subarray(start, end))).toEqual(file[index])
  }
})

test('a file comes after everything it imports, and carries no source positions', () => {
  const seen = new Set<string>()
  for (const file of fromBinary(FileDescriptorSetSchema, set).file) {
    expect(file.dependency.filter((name) => !seen.has(name))).toEqual([])
    expect(file.sourceCodeInfo).toBeUndefined()
    seen.add(file.name)
  }
})

test('every service, method, message, field, oneof, enum and value is explained', () => {
  expect(Object.keys(comments).toSorted()).toEqual(files.flatMap(namesIn).toSorted())
  expect(Object.entries(comments).filter(([, text]) => !/[.:]$/.test(text))).toEqual([])
})

function namesIn(file: (typeof files)[number]): string[] {
  return [...nestedTypes(file)].flatMap((each) => {
    if (each.kind === 'service') return withMembers(each.typeName, each.methods)
    if (each.kind === 'message') return withMembers(each.typeName, [...each.fields, ...each.oneofs])
    if (each.kind === 'enum') return withMembers(each.typeName, each.values)
    return []
  })
}

function withMembers(typeName: string, members: readonly { readonly name: string }[]): string[] {
  return [typeName, ...members.map(({ name }) => `${typeName}.${name}`)]
}
