import type { DescEnum, DescField, DescFile, DescMessage, DescService } from '@bufbuild/protobuf'
import { createFileRegistry, fromBinary, ScalarType } from '@bufbuild/protobuf'
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt'
import { commentOf } from './comments.ts'
import {
  type Context,
  ContractError,
  contextName,
  type EnumType,
  type Fact,
  type Field,
  type FieldType,
  type Message,
  type Model,
  type Scalar,
  type Service,
} from './model.ts'
import { OptionReader } from './read-options.ts'
import { readTables } from './read-tables.ts'

const scalars: Partial<Record<ScalarType, Scalar>> = {
  [ScalarType.STRING]: 'string',
  [ScalarType.BOOL]: 'bool',
  [ScalarType.BYTES]: 'bytes',
  [ScalarType.INT32]: 'int32',
  [ScalarType.UINT32]: 'uint32',
  [ScalarType.INT64]: 'int64',
  [ScalarType.UINT64]: 'uint64',
  [ScalarType.DOUBLE]: 'double',
}

/** Reads a descriptor set (`buf build -o`) into the model. The order of files, messages and fields is kept. */
export function readModel(image: Uint8Array): Model {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, image))
  const options = new OptionReader(registry)
  const files = [...registry.files].sort((a, b) => (a.name < b.name ? -1 : 1)).filter(isContract)
  const messages = new Map<string, Message>()
  const enums = new Map<string, EnumType>()
  for (const message of [
    ...files.flatMap((file) => file.messages.flatMap(withNested)),
    ...emptyMessage(registry.files),
  ]) {
    messages.set(message.typeName, readMessage(message, options))
  }
  for (const type of files.flatMap(enumsOf)) enums.set(type.typeName, readEnum(type, options))
  const services = files.flatMap((file) => file.services.map((service) => readService(service, messages, options)))
  return {
    contexts: contextsOf(files, messages, enums, services),
    messages,
    enums,
    methods: services.flatMap((service) => service.methods),
    facts: factsOf(messages),
    ...readTables(files.flatMap(enumsOf), options),
  }
}

function isContract(file: DescFile): boolean {
  return file.proto.package.startsWith('souk.') && file.proto.package !== 'souk.options.v1'
}

function* emptyMessage(files: Iterable<DescFile>): Iterable<DescMessage> {
  for (const file of files) if (file.proto.package === 'google.protobuf') yield* file.messages.filter(isEmpty)
}

function isEmpty(message: DescMessage): boolean {
  return message.typeName === 'google.protobuf.Empty'
}

function withNested(message: DescMessage): DescMessage[] {
  return [message, ...message.nestedMessages.flatMap(withNested)]
}

function enumsOf(file: DescFile): DescEnum[] {
  return [...file.enums, ...file.messages.flatMap(withNested).flatMap((message) => message.nestedEnums)]
}

function nameInside(typeName: string, packageName: string): string {
  return typeName.slice(packageName.length + 1)
}

function readMessage(message: DescMessage, options: OptionReader): Message {
  const packageName = message.file.proto.package
  const context = contextName(packageName)
  const inside = nameInside(message.typeName, packageName)
  return {
    fullName: message.typeName,
    name: `${context}.${inside}`,
    typeName: inside.replaceAll('.', '_'),
    context,
    module: `${message.file.name}.ts`,
    comment: commentOf(message),
    fields: message.fields.map((field) => readField(field, options)),
    oneofs: message.oneofs.map((oneof) => oneof.name),
    ...options.message(message),
    fact: options.fact(message),
    wrapper: message.fields.length === 0 && message.nestedEnums.length > 0,
  }
}

function readField(field: DescField, options: OptionReader): Field {
  return {
    name: field.name,
    json: field.jsonName,
    comment: commentOf(field),
    type: fieldType(field),
    shape: field.fieldKind === 'list' ? 'list' : field.fieldKind === 'map' ? 'map' : 'single',
    optional: field.proto.proto3Optional,
    rules: options.field(field),
  }
}

function fieldType(field: DescField): FieldType {
  if (field.fieldKind === 'map' && field.mapKey !== ScalarType.STRING)
    throw unsupported(field, 'a map with another key')
  if (field.enum) return { kind: 'enum', enumName: field.enum.typeName }
  if (field.message?.typeName === 'google.protobuf.Timestamp') return { kind: 'timestamp' }
  if (field.message) return { kind: 'message', messageName: field.message.typeName }
  const scalar = field.scalar === undefined ? undefined : scalars[field.scalar]
  if (!scalar) throw unsupported(field, 'a type')
  return { kind: 'scalar', scalar }
}

function unsupported(field: DescField, what: string): ContractError {
  return new ContractError(`${field.parent.typeName}.${field.name} has ${what} that the contract does not use.`)
}

function readEnum(type: DescEnum, options: OptionReader): EnumType {
  const packageName = type.file.proto.package
  const [zero, ...rest] = type.values
  return {
    fullName: type.typeName,
    typeName: nameInside(type.typeName, packageName).replaceAll('.', '_'),
    context: contextName(packageName),
    module: `${type.file.name}.ts`,
    wrapper: type.parent && nameInside(type.parent.typeName, packageName).replaceAll('.', '_'),
    comment: commentOf(type) || (type.parent ? commentOf(type.parent) : ''),
    words: rest.map((value) => value.name),
    zero: zero?.name ?? '',
    table: rest.some((value) =>
      (['error', 'permission', 'rate'] as const).some((kind) => options.value(value, kind) !== undefined),
    ),
  }
}

function readService(service: DescService, messages: Map<string, Message>, options: OptionReader): Service {
  const context = contextName(service.file.proto.package)
  const name = `${context}.${service.name}`
  const typeOf = (message: DescMessage): Message => {
    const found = messages.get(message.typeName)
    if (!found)
      throw new ContractError(`${service.typeName} uses ${message.typeName}, which the contract does not know.`)
    return found
  }
  const methods = service.methods.map((method) => ({
    name: `${name}/${method.name}`,
    context,
    service: name,
    fullService: service.typeName,
    rpc: method.name,
    method: method.localName,
    comment: commentOf(method),
    request: typeOf(method.input),
    response: typeOf(method.output),
    streaming: method.methodKind !== 'unary',
    rules: options.method(method),
    http: options.http(method),
  }))
  return { fullName: service.typeName, name, typeName: service.name, comment: commentOf(service), methods }
}

function contextsOf(
  files: DescFile[],
  messages: Map<string, Message>,
  enums: Map<string, EnumType>,
  services: Service[],
): Context[] {
  const names = [...new Set(files.map((file) => contextName(file.proto.package)))].sort()
  return names.map((name) => ({
    name,
    comment: files
      .filter((file) => contextName(file.proto.package) === name)
      .map((file) => syntaxComment(file))
      .filter(Boolean)
      .join('\n'),
    messages: [...messages.values()].filter((message) => message.context === name),
    enums: [...enums.values()].filter((type) => type.context === name),
    services: services.filter((service) => service.name.startsWith(`${name}.`)),
  }))
}

// 12 is the number of FileDescriptorProto.syntax: the comment that opens a file stands above it.
function syntaxComment(file: DescFile): string {
  const location = file.proto.sourceCodeInfo?.location.find((candidate) => candidate.path.join('.') === '12')
  return (location?.leadingComments ?? '')
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .trim()
}

function factsOf(messages: Map<string, Message>): Fact[] {
  return [...messages.values()].flatMap((message) =>
    message.fact ? [{ ...message.fact, name: message.name, message }] : [],
  )
}
