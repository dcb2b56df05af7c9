import { fieldOf, hasBody, methodEntry, pathParameters, rulesOf } from './entries.ts'
import type { Fact, Message, Method, Model } from './model.ts'
import { ContractError } from './model.ts'
import { messageSchema } from './schema.ts'

/** Throws one ContractError that lists everything that is wrong with the contract, a sentence per line. */
export function checkRules(model: Model): void {
  const problems: string[] = []
  const collect = (check: () => Iterable<string>): void => {
    try {
      problems.push(...check())
    } catch (error) {
      if (!(error instanceof ContractError)) throw error
      problems.push(error.message)
    }
  }
  for (const method of model.methods) {
    collect(() => methodProblems(method, model))
    if (method.rules) collect(() => nothing(methodEntry(method, model.messages)))
  }
  for (const message of model.messages.values()) {
    collect(() => messageProblems(message))
    collect(() => nothing(messageSchema(message, 'call', model)))
  }
  for (const fact of model.facts) collect(() => factProblems(fact))
  collect(() => routeProblems(model))
  collect(() => enumProblems(model))
  collect(() => errorProblems(model))
  if (problems.length > 0) throw new ContractError([...new Set(problems)].join('\n'))
}

/** For what only has to be possible. */
function nothing(_: object): string[] {
  return []
}

function* methodProblems(method: Method, model: Model): Iterable<string> {
  const { name, http, request } = method
  const rules = rulesOf(method)
  const get = http?.verb === 'GET'
  if (method.streaming) yield `${name} streams; every method takes one message and answers one.`
  if (rules.access === 'PERMISSION' && !model.permissions.some(({ word }) => word === rules.permission)) {
    yield `${name} needs the permission "${rules.permission}", which is not declared.`
  }
  if (rules.access !== 'PERMISSION' && rules.permission)
    yield `${name} names a permission but its access is ${rules.access}.`
  if (rules.access === 'SERVICE' && http) yield `${name} is for services only but has an http rule.`
  if (rules.access !== 'SERVICE' && !http) yield `${name} has no http rule but its access is ${rules.access}.`
  if (rules.rateClass && !model.rates.some(({ word }) => word === rules.rateClass)) {
    yield `${name} has the rate class "${rules.rateClass}", which is not declared.`
  }
  if (rules.idempotent && get) yield `${name} is a GET and cannot be idempotent by key.`
  if (rules.cache && (!get || rules.access !== 'PUBLIC')) yield `${name} has an edge cache but is not a public GET.`
  if (http) yield* httpProblems(method, model)
  for (const { header, field } of rules.headers) {
    if (!fieldOf(method, request, field).rules.internal)
      yield `${name} fills ${field} from ${header}; mark it internal.`
  }
  yield* bodyProblems(method)
  yield* clearProblems(method)
}

function* httpProblems(method: Method, model: Model): Iterable<string> {
  const { name, request, rules } = method
  const http = method.http
  if (!http) return
  if (http.verb === 'CUSTOM') yield `${name} has an http rule with a custom verb.`
  if (http.additional > 0) yield `${name} has additional_bindings; declare aliases instead.`
  if (http.body && http.body !== '*') yield `${name} maps the body to one field; only body: "*" is known.`
  if (http.body && http.verb === 'GET') yield `${name} is a GET with a body.`
  for (const path of [http.path, ...(rules?.aliases ?? []).map((alias) => alias.path)]) {
    if (!path.startsWith('/')) yield `${name} has the path "${path}", which does not begin with a slash.`
    for (const parameter of pathParameters(path)) {
      const field = request.fields.find(({ name, json }) => name === parameter || json === parameter)
      if (!field) yield `${name} has {${parameter}} in its path, which ${request.name} does not have.`
      else if (field.shape !== 'single' || field.type.kind !== 'scalar' || field.type.scalar !== 'string') {
        yield `${name} has {${parameter}} in its path, which is not a string.`
      }
    }
  }
  if (hasBody(method)) return
  for (const field of request.fields.filter((candidate) => !candidate.rules.internal)) {
    if (field.type.kind === 'message' && model.messages.has(field.type.messageName)) {
      yield `${name} takes ${field.name} from the query, where a message cannot stand.`
    }
    if (field.shape === 'map') yield `${name} takes ${field.name} from the query, where a map cannot stand.`
  }
}

function* bodyProblems(method: Method): Iterable<string> {
  const kind = method.rules?.body
  if (kind === 'JSON' || kind === undefined) return
  const needed = kind === 'RAW' ? 'raw_body' : 'upload'
  const field = method.request.fields.find((candidate) => candidate.name === needed)
  if (!field?.rules.internal)
    yield `${method.name} takes a ${kind} body; ${method.request.name} needs an internal field ${needed}.`
}

function* clearProblems(method: Method): Iterable<string> {
  const { request } = method
  if (!request.fields.some((field) => field.rules.clearable)) return
  const clear = request.fields.find((field) => field.name === 'clear')
  if (!clear?.rules.internal || clear.shape !== 'list') {
    yield `${method.name} has clearable fields; ${request.name} needs an internal list of strings named clear.`
  }
}

function* messageProblems(message: Message): Iterable<string> {
  for (const oneof of message.oneofs)
    yield `${message.name} has the oneof ${oneof}; use the option exactly_one instead.`
  for (const json of [...message.exactlyOne, ...message.atLeastOne]) {
    if (!message.fields.some((field) => field.json === json)) {
      yield `${message.name} has a rule about ${json}, which is not the JSON name of one of its fields.`
    }
  }
}

function* factProblems(fact: Fact): Iterable<string> {
  const field = fact.message.fields.find((candidate) => candidate.name === fact.aggregateId)
  if (!field) yield `The fact ${fact.name} has the aggregate_id ${fact.aggregateId}, which is not one of its fields.`
  if (!fact.says) yield `The fact ${fact.name} does not say what happened.`
  for (const tag of fact.edgeTags) {
    for (const [, placeholder] of tag.matchAll(/\{([^}]*)\}/g)) {
      if (!fact.message.fields.some((candidate) => candidate.name === placeholder)) {
        yield `The fact ${fact.name} has the edge tag ${tag}, whose field it does not have.`
      }
    }
  }
}

function* routeProblems(model: Model): Iterable<string> {
  const taken = new Map<string, string>()
  for (const method of model.methods) {
    const routes = [...(method.http ? [method.http] : []), ...(method.rules?.aliases ?? [])]
    for (const { verb, path } of routes) {
      const route = `${verb} ${path.replace(/\{[^}]*\}/g, '{}')}`
      const other = taken.get(route)
      if (other) yield `${method.name} and ${other} both answer ${verb} ${path}.`
      taken.set(route, method.name)
    }
  }
}

function* enumProblems(model: Model): Iterable<string> {
  for (const type of model.enums.values()) {
    if (!type.wrapper) yield `The enum ${type.fullName} stands outside a wrapper message.`
    if (type.zero !== 'UNSPECIFIED') yield `The zero value of ${type.fullName} is ${type.zero}, not UNSPECIFIED.`
  }
}

function* errorProblems(model: Model): Iterable<string> {
  const declared = new Map<string, string>()
  for (const { code, declaredIn, status, en, zh } of model.errors) {
    const other = declared.get(code)
    if (other) yield `The error ${code} is declared twice, in ${other} and ${declaredIn}.`
    declared.set(code, declaredIn)
    if (status < 400 || status > 599) yield `The error ${code} has the status ${status}.`
    if (!en || !zh) yield `The error ${code} needs its sentence in both languages.`
  }
}
