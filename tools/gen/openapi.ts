import { hasBody, type MethodEntry, methodEntry, pathParameters } from './entries.ts'
import type { Method, Model } from './model.ts'
import { OpenApiSchemas } from './openapi-schemas.ts'
import { printJson } from './print.ts'

type Json = Record<string, unknown>
type Route = { verb: string; path: string; alias: boolean }

/** `openapi.json`: OpenAPI 3.1 of all routes, flat aliases included. */
export function openapiJson(model: Model): string {
  const schemas = new OpenApiSchemas(model)
  const paths: Record<string, Json> = {}
  for (const method of model.methods) {
    const entry = methodEntry(method, model.messages)
    for (const [index, route] of routesOf(entry).entries()) {
      const path = paths[route.path] ?? {}
      path[route.verb.toLowerCase()] = operation(method, entry, route, index, schemas)
      paths[route.path] = path
    }
  }
  return printJson({
    openapi: '3.1.0',
    info: {
      title: 'Souk',
      version: '1',
      description:
        'The public interface of the shop. Times are RFC 3339 UTC, money is integer minor units. NUL and lone surrogates ' +
        'are refused in every text, card numbers wherever somebody could type one.',
    },
    servers: [{ url: '/' }],
    tags: model.contexts
      .filter(({ services }) => services.some(({ methods }) => methods.some(({ http }) => http)))
      .map(({ name }) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An access token, or an API key (`sk_…`).' },
      },
      parameters: sharedParameters,
      responses: problemResponses(model),
      schemas: { Problem: problemSchema(model), ...schemas.components },
    },
  })
}

function routesOf(entry: MethodEntry): Route[] {
  if (!entry.http) return []
  return [{ ...entry.http, alias: false }, ...entry.aliases.map((alias) => ({ ...alias, alias: true }))]
}

function operation(method: Method, entry: MethodEntry, route: Route, index: number, schemas: OpenApiSchemas): Json {
  const suffix = index > 0 ? `.alias${index}` : ''
  const security = entry.access === 'PUBLIC' ? [{}, { bearer: [] }] : [{ bearer: [] }]
  const sendsBody = route.alias ? route.verb !== 'GET' : hasBody(method)
  return {
    operationId: `${entry.service}.${entry.method}${suffix}`,
    tags: [entry.context],
    summary: words(method.rpc) + (route.alias ? ' (flat alias, snake_case names accepted)' : ''),
    description: method.comment || undefined,
    security,
    'x-permission': entry.permission,
    'x-step-up': entry.stepUp || undefined,
    'x-rate-class': entry.rateClass || undefined,
    parameters: parameters(method, entry, route, sendsBody, schemas),
    requestBody: sendsBody ? requestBody(method, entry, route, schemas) : undefined,
    responses: { [entry.successStatus]: success(method, entry, schemas), ...failures(entry, route) },
  }
}

/** `PlaceOrder` → `Place order`. */
function words(rpc: string): string {
  return rpc.replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
}

function parameters(
  method: Method,
  entry: MethodEntry,
  route: Route,
  sendsBody: boolean,
  schemas: OpenApiSchemas,
): Json[] {
  const { request } = method
  const inPath = pathParameters(route.path)
  const kind = hasBody(method) ? 'input' : 'query'
  const open = request.fields.filter((field) => !field.rules.internal)
  const describe = (json: string): string | undefined => open.find((field) => field.json === json)?.comment || undefined
  const path = inPath.map((name) => ({
    name,
    in: 'path',
    required: true,
    description: describe(name),
    schema: schemas.parameter(request, name, kind),
  }))
  const query = sendsBody ? [] : open.filter(({ json }) => !inPath.includes(json))
  const asked = query.map(({ json, rules }) => ({
    name: json,
    in: 'query',
    required: rules.required || undefined,
    description: describe(json),
    schema: schemas.parameter(request, json, kind),
  }))
  const headers = entry.headers.map(({ header }) => ({ name: header, in: 'header', schema: { type: 'string' } }))
  const key = entry.idempotent && !route.alias ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []
  return [...path, ...asked, ...headers, ...key, { $ref: '#/components/parameters/AcceptLanguage' }]
}

const sharedParameters = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: true,
    description: 'Your own word for this request. The same key and body give the same answer for 72 hours.',
    schema: { type: 'string', minLength: 1, maxLength: 200, pattern: '^[\\x20-\\x7e]+$' },
  },
  AcceptLanguage: { name: 'Accept-Language', in: 'header', schema: { type: 'string', examples: ['en', 'zh-CN'] } },
}

function requestBody(method: Method, entry: MethodEntry, route: Route, schemas: OpenApiSchemas): Json {
  const binary = { type: 'string', format: 'binary', minLength: 1 }
  if (entry.body === 'RAW') return { required: true, content: { 'application/json': { schema: { type: 'object' } } } }
  if (entry.body === 'STREAM') return { required: true, content: { 'text/csv': { schema: binary } } }
  if (entry.body === 'MULTIPART') {
    const schema = { type: 'object', properties: { file: binary }, required: ['file'], additionalProperties: false }
    return { required: true, content: { 'multipart/form-data': { schema } } }
  }
  const fromPath = pathParameters(route.path)
  const { fields, exactlyOne, atLeastOne } = method.request
  const named = exactlyOne.length > 0 || atLeastOne.length > 0
  const needed = named || fields.some(({ json, rules }) => rules.required && !fromPath.includes(json))
  return {
    required: needed || undefined,
    content: { 'application/json': { schema: schemas.body(method.request, fromPath) } },
  }
}

function success(method: Method, entry: MethodEntry, schemas: OpenApiSchemas): Json {
  const headers = Object.fromEntries(
    entry.responseHeaders.map(({ header }) => [header, { schema: { type: 'string' } }]),
  )
  const described = { description: 'Done.', headers: entry.responseHeaders.length > 0 ? headers : undefined }
  if (entry.successStatus === 204) return described
  if (method.response.name === 'common.RawAnswer') {
    // Pages, pictures, key sets: only the verb knows.
    return { ...described, content: { '*/*': {} } }
  }
  return {
    ...described,
    content: { 'application/json': { schema: schemas.reference(`${method.response.name}.output`) } },
  }
}

function failures(entry: MethodEntry, route: Route): Json {
  // 401 for public methods too: a token that is sent must be good, and signing in can be refused.
  const statuses = [400, 401, 404, 409, 415, 422, 429, 503]
  if (entry.access !== 'PUBLIC') statuses.push(403)
  if (route.verb !== 'GET') statuses.push(413)
  return Object.fromEntries(
    statuses.sort().map((status) => [status, { $ref: `#/components/responses/Problem${status}` }]),
  )
}

/** One response per status, with the codes that it may carry. */
function problemResponses(model: Model): Json {
  const statuses = [...new Set(model.errors.map(({ status }) => status))].sort()
  return Object.fromEntries(
    statuses.map((status) => {
      const codes = model.errors.filter((error) => error.status === status).map(({ code }) => code)
      const schema = { $ref: '#/components/schemas/Problem' }
      return [
        `Problem${status}`,
        {
          description: codes.map((code) => `\`${code}\``).join(', '),
          content: { 'application/problem+json': { schema } },
        },
      ]
    }),
  )
}

function problemSchema(model: Model): Json {
  const text = { type: 'string' }
  const violation = {
    type: 'object',
    required: ['field', 'rule', 'message'],
    properties: { field: text, rule: text, message: text },
  }
  return {
    type: 'object',
    description: 'RFC 9457. Decide by `code`; `title` and `detail` are for people and come in the language asked for.',
    required: ['type', 'title', 'status', 'code'],
    properties: {
      type: text,
      title: text,
      status: { type: 'integer' },
      detail: text,
      code: { type: 'string', enum: model.errors.map(({ code }) => code) },
      traceId: text,
      violations: { type: 'array', items: violation },
    },
  }
}
