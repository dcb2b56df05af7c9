import type { Context, EnumType, Method, Service } from './model.ts'
import { sourceFile } from './output.ts'
import { braces, docComment, quote } from './print.ts'

/** `<context>.ts`: the context's messages and enum words, and an interface per service. No grpc, safe for browsers. */
export function contextFile(context: Context): string {
  return sourceFile(
    imports(context).join('\n'),
    reexports(context).join('\n'),
    ...context.enums.filter((type) => !type.table).map(wordType),
    ...context.services.map(serviceInterface),
  )
}

/** Type imports of every request and response of the context's services. */
function imports(context: Context): string[] {
  const needed = new Map<string, Set<string>>()
  const need = (module: string, name: string): unknown =>
    needed.set(module, (needed.get(module) ?? new Set()).add(name))
  for (const { request, response } of context.services.flatMap((service) => service.methods)) {
    for (const message of [request, response]) need(message.module, message.typeName)
  }
  for (const type of context.enums.filter((candidate) => !candidate.table)) need(type.module, type.typeName)
  return sorted(needed).map(([module, names]) => `import type ${braces(names)} from ${quote(`./gen/${module}`)}`)
}

function reexports(context: Context): string[] {
  const offered = new Map<string, Set<string>>()
  const offer = (module: string, name: string): unknown =>
    offered.set(module, (offered.get(module) ?? new Set()).add(name))
  for (const message of context.messages.filter((candidate) => !candidate.wrapper))
    offer(message.module, message.typeName)
  for (const type of context.enums.filter((candidate) => !candidate.table)) offer(type.module, type.typeName)
  if (context.name === 'common') offer('google/protobuf/empty.ts', 'Empty')
  return sorted(offered).map(([module, names]) => `export ${braces(names)} from ${quote(`./gen/${module}`)}`)
}

function sorted(modules: Map<string, Set<string>>): [string, Set<string>][] {
  return [...modules].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** `OrderStatus`: the words that appear in JSON, without the zero value. */
function wordType(type: EnumType): string {
  const name = type.typeName === `${type.wrapper}_Value` ? type.wrapper : `${type.typeName}Word`
  return `${docComment(type.comment)}export type ${name} = Exclude<${type.typeName}, ${quote(type.zero)}>`
}

function serviceInterface(service: Service): string {
  const methods = service.methods.map((method) => {
    const { request, response } = method
    return `${docComment(about(method), '  ')}  ${method.method}(request: ${request.typeName}, call: C): Promise<${response.typeName}>`
  })
  return `${docComment(service.comment)}export interface ${service.typeName}<C> {\n${methods.join('\n')}\n}`
}

function about(method: Method): string {
  const route = method.http ? `${method.http.verb} ${method.http.path}` : ''
  return [route, method.comment].filter(Boolean).join('\n')
}
