import type { Field, Message, Method, MethodRules, Model } from './model.ts'
import { ContractError } from './model.ts'

const defaultMaxBody = 262_144
const defaultDeadlineMs = 2000

/** One method as the tables carry it: JSON names, defaults filled in. */
export function methodEntry(method: Method, messages: Map<string, Message>) {
  const rules = rulesOf(method)
  return {
    name: method.name,
    context: method.context,
    service: method.service,
    fullService: method.fullService,
    method: method.method,
    http: method.http && { verb: method.http.verb, path: jsonPath(method, method.http.path), body: hasBody(method) },
    access: rules.access,
    permission: rules.permission || undefined,
    owner: rules.owner,
    stepUp: rules.stepUp,
    idempotent: rules.idempotent,
    rateClass: rateClassOf(method),
    audit: rules.audit || undefined,
    maxBody: rules.maxBody || defaultMaxBody,
    body: rules.body,
    successStatus: successStatus(method),
    headers: rules.headers.map(({ header, field }) => ({ header, field: jsonName(method, method.request, field) })),
    responseHeaders: rules.responseHeaders.map(({ header, field }) => ({
      header,
      field: jsonName(method, method.response, field),
    })),
    aliases: rules.aliases.map(({ verb, path }) => ({ verb, path: jsonPath(method, path) })),
    session: rules.session,
    cache: rules.cache && {
      ttlMs: rules.cache.ttlMs,
      tags: rules.cache.tags.map((tag) => cacheTag(method, tag, messages)),
    },
    shedAbove: rules.shedAbove || undefined,
    deadlineMs: rules.deadlineMs || defaultDeadlineMs,
    request: method.request.name,
    response: method.response.name,
    clearable: method.request.fields.filter((field) => field.rules.clearable).map((field) => field.json),
  }
}

export type MethodEntry = ReturnType<typeof methodEntry>

export function methodEntries(model: Model): MethodEntry[] {
  return model.methods.map((method) => methodEntry(method, model.messages))
}

export function rulesOf(method: Method): MethodRules {
  if (!method.rules || method.rules.access === 'UNSPECIFIED') {
    throw new ContractError(`${method.name} has no access annotation.`)
  }
  return method.rules
}

export function hasBody(method: Method): boolean {
  return method.http?.body === '*'
}

/** Path parameters as declared, e.g. `id` and `sku_id`. */
export function pathParameters(path: string): string[] {
  return [...path.matchAll(/\{([^}]*)\}/g)].map((match) => match[1] as string)
}

export function successStatus(method: Method): number {
  const declared = rulesOf(method).successStatus
  if (declared) return declared
  return method.response.fullName === 'google.protobuf.Empty' ? 204 : 200
}

function rateClassOf(method: Method): string {
  const declared = rulesOf(method).rateClass
  if (declared || !method.http) return declared
  return method.http.verb === 'GET' ? 'read' : 'write'
}

function jsonPath(method: Method, path: string): string {
  return path.replace(/\{([^}]*)\}/g, (_, name: string) => `{${jsonName(method, method.request, name)}}`)
}

function jsonName(method: Method, message: Message, field: string): string {
  return fieldOf(method, message, field).json
}

/** The field of `message` with that proto or JSON name; a sentence naming the method when there is none. */
export function fieldOf(method: Method, message: Message, name: string): Field {
  const found = message.fields.find((field) => field.name === name || field.json === name)
  if (!found) throw new ContractError(`${method.name} names the field ${name}, which ${message.name} does not have.`)
  return found
}

function cacheTag(method: Method, tag: string, messages: Map<string, Message>): string {
  return tag.replace(/\{([^}]*)\}/g, (_, path: string) => {
    const [root, ...names] = path.split('.')
    if (root !== 'request' && root !== 'response') {
      throw new ContractError(
        `${method.name} has the cache tag ${tag}; a placeholder begins with request. or response.`,
      )
    }
    let message: Message | undefined = method[root]
    const found = names.map((name) => {
      if (!message) throw new ContractError(`${method.name} has the cache tag ${tag}, which leaves its messages.`)
      const field = fieldOf(method, message, name)
      message = field.type.kind === 'message' ? messages.get(field.type.messageName) : undefined
      return field.json
    })
    return `{${[root, ...found].join('.')}}`
  })
}
