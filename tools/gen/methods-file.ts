import { methodEntries } from './entries.ts'
import type { Model } from './model.ts'
import { sourceFile } from './output.ts'
import { print, quote } from './print.ts'

const types = `export type Access = 'PUBLIC' | 'SIGNED_IN' | 'PERMISSION' | 'SERVICE'
export type Verb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type HeaderField = { header: string; field: string }

/** One method of the contract. Field names are JSON names. */
export type MethodEntry = {
  name: MethodName
  context: string
  service: string
  fullService: string
  method: string
  /** Absent for methods that only other contexts may call. Path parameters stand in braces: \`/v1/orders/{id}\`. */
  http?: { verb: Verb; path: string; body: boolean }
  access: Access
  /** Present exactly when access is PERMISSION. */
  permission?: Permission
  /** The object belongs to somebody: the verb's SQL checks the owner. */
  owner: boolean
  stepUp: boolean
  /** \`Idempotency-Key\` is required. */
  idempotent: boolean
  /** Empty for methods without a route. */
  rateClass: RateClass | ''
  /** Name of the audited action. */
  audit?: string
  /** Bytes. */
  maxBody: number
  body: 'JSON' | 'RAW' | 'STREAM' | 'MULTIPART'
  successStatus: number
  /** Request headers copied into request fields. */
  headers: readonly HeaderField[]
  /** Response fields moved into response headers when not empty. */
  responseHeaders: readonly HeaderField[]
  /** Flat routes of the same method: snake_case names are accepted, no key is needed. */
  aliases: readonly { verb: Verb; path: string }[]
  session?: 'ISSUES' | 'RENEWS' | 'ENDS'
  /** Placeholders in tags begin with \`request.\` or \`response.\` */
  cache?: { ttlMs: number; tags: readonly string[] }
  /** Never shed below this many requests in flight. */
  shedAbove?: number
  deadlineMs: number
  /** Names of messages: schema \`<name>.input\` or \`.query\` for the request, \`<name>.output\` for the response. */
  request: string
  response: string
  /** Fields that JSON null clears; their names then stand in the request's \`clear\`. */
  clearable: readonly string[]
}`

/** `methods.ts`: the table of all methods. Browser-safe: only types are imported. */
export function methodsFile(model: Model): string {
  const entries = methodEntries(model)
  const names = entries.map((entry) => `  | ${quote(entry.name)}`).join('\n')
  const contexts = model.contexts.filter((context) => context.services.length > 0 || context.name === 'common')
  return sourceFile(
    contexts.map(({ name }) => `import type * as ${name} from './${name}.ts'`).join('\n'),
    "import type { Permission } from './permissions.ts'\nimport type { RateClass } from './rates.ts'",
    `export type MethodName =\n${names}`,
    types,
    messageTypes(model),
    `export const methods: readonly MethodEntry[] = ${print(entries)}`,
    `export const methodsByName = Object.fromEntries(methods.map((entry) => [entry.name, entry])) as Record<\n  MethodName,\n  MethodEntry\n>`,
  )
}

/** Request and response types by method name, for typed clients. */
function messageTypes(model: Model): string {
  const type = (context: string, name: string): string => `${context === 'google' ? 'common' : context}.${name}`
  const lines = model.methods.map(({ name, request, response }) => {
    const types = [request, response].map((message) => type(message.context, message.typeName))
    return `  ${quote(name)}: { request: ${types[0]}; response: ${types[1]} }`
  })
  return `/** Request and response of each method. */\nexport type MethodTypes = {\n${lines.join('\n')}\n}`
}
