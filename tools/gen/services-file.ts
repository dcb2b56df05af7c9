import { codecImports } from './imports.ts'
import type { Model } from './model.ts'
import { sourceFile } from './output.ts'
import { quote } from './print.ts'

const types = `/** Any part of a message, at any depth. */
export type DeepPartial<T> = T extends string | number | boolean | undefined | Uint8Array
  ? T
  : T extends readonly (infer Item)[]
    ? readonly DeepPartial<Item>[]
    : { [Key in keyof T]?: DeepPartial<T[Key]> }

/** How a message goes over the wire. */
export type Codec<T> = {
  encode(message: T): { finish(): Uint8Array }
  decode(bytes: Uint8Array): T
  /** Absent fields become zero values. */
  fromPartial(object: DeepPartial<T>): T
}

/** Tables hold methods of every type. */
type AnyCodec = Codec<any>

export type ServiceMethod = {
  entry: MethodEntry
  /** gRPC path. */
  path: string
  request: AnyCodec
  response: AnyCodec
}

export type ServiceEntry = { fullName: string; methods: Record<string, ServiceMethod> }`

/** `services.ts`: codecs by service and method, and the interface of each service. Server side, without grpc. */
export function servicesFile(model: Model): string {
  const services = model.contexts.flatMap((context) => context.services)
  const used = services.flatMap(({ methods }) => methods.flatMap(({ request, response }) => [request, response]))
  const { statements, local } = codecImports(used)
  const contexts = model.contexts.filter((context) => context.services.length > 0)
  const entries = services.map((service) => {
    const methods = service.methods.map(
      ({ name, method, rpc, request, response }) =>
        `      ${method}: {\n        entry: methodsByName[${quote(name)}],\n` +
        `        path: ${quote(`/${service.fullName}/${rpc}`)},\n` +
        `        request: ${local.get(request)},\n        response: ${local.get(response)},\n      },`,
    )
    return `  ${quote(service.name)}: {\n    fullName: ${quote(service.fullName)},\n    methods: {\n${methods.join('\n')}\n    },\n  },`
  })
  const map = services.map(({ name, typeName }) => `  ${quote(name)}: ${name.split('.')[0]}.${typeName}<C>`)
  return sourceFile(
    contexts.map(({ name }) => `import type * as ${name} from './${name}.ts'`).join('\n'),
    statements,
    "import { type MethodEntry, methodsByName } from './methods.ts'",
    types,
    `/** The interface of each service over a call context of type C. */\nexport type ServiceMap<C> = {\n${map.join('\n')}\n}`,
    'export type ServiceName = keyof ServiceMap<unknown>',
    `export const services: Record<ServiceName, ServiceEntry> = {\n${entries.join('\n')}\n}`,
  )
}
