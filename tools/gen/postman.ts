import { hasBody, type MethodEntry, methodEntry, pathParameters } from './entries.ts'
import type { Method, Model } from './model.ts'
import { printJson } from './print.ts'
import { sample } from './sample.ts'
import type { Schema } from './schema.ts'
import { allSchemas } from './schemas-file.ts'

type Json = Record<string, unknown>

/** `postman.json`: a collection (format 2.1) with one request per route, for Postman and Newman. */
export function postmanJson(model: Model): string {
  const schemas = allSchemas(model)
  const routed = model.methods.filter((method) => method.http)
  const item = (method: Method): Json => requestItem(method, methodEntry(method, model.messages), schemas)
  const ending = routed.filter((method) => method.rules?.session === 'ENDS')
  const folders = model.contexts.map(({ name }) => ({
    name,
    item: routed.filter((method) => method.context === name && !ending.includes(method)).map(item),
  }))
  return printJson({
    info: {
      name: 'Souk',
      description: 'Every route once. Set `baseUrl`; without `accessToken` a fresh buyer is registered first.',
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    variable: [
      { key: 'baseUrl', value: 'http://localhost:8889' },
      { key: 'accessToken', value: '' },
    ],
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{accessToken}}', type: 'string' }] },
    event: [script('prerequest', registerOnce), script('test', answersAsDocumented)],
    item: [...folders, { name: 'sign out', item: ending.map(item) }].filter((folder) => folder.item.length > 0),
  })
}

const registerOnce = `if (!pm.variables.get('accessToken')) {
  pm.sendRequest({
    url: pm.variables.get('baseUrl') + '/v1/auth/register',
    method: 'POST',
    header: { 'Content-Type': 'application/json' },
    body: { mode: 'raw', raw: JSON.stringify({ email: pm.variables.replaceIn('postman-{{$guid}}@example.com'), password: pm.variables.replaceIn('{{$guid}}') }) },
  }, (error, answer) => {
    if (!error && answer.code === 201) pm.collectionVariables.set('accessToken', answer.json().accessToken)
  })
}`

const answersAsDocumented = `pm.test('answers as documented', () => {
  pm.expect(pm.response.code).to.be.oneOf([200, 201, 202, 204, 400, 401, 403, 404, 409, 415, 422, 429, 503])
  pm.expect(pm.response.headers.has('X-Request-Id')).to.equal(true)
})
if (pm.response.code >= 400) {
  pm.test('refuses with a problem', () => {
    pm.expect(pm.response.headers.get('Content-Type')).to.include('application/problem+json')
    pm.expect(pm.response.json()).to.include.all.keys('type', 'title', 'status', 'code')
  })
}`

function script(listen: string, source: string): Json {
  return { listen, script: { type: 'text/javascript', exec: source.split('\n') } }
}

function requestItem(method: Method, entry: MethodEntry, schemas: Record<string, Schema>): Json {
  const { verb, path } = entry.http as { verb: string; path: string }
  return {
    name: `${verb} ${path}`,
    request: {
      method: verb,
      description: method.comment || undefined,
      header: headers(entry, hasBody(method)),
      url: url(method, path, schemas),
      body: hasBody(method) ? body(method, entry, path, schemas) : undefined,
    },
  }
}

function headers(entry: MethodEntry, sendsBody: boolean): Json[] {
  const key = entry.idempotent ? [{ key: 'Idempotency-Key', value: '{{$guid}}' }] : []
  const types: Record<string, string> = { JSON: 'application/json', RAW: 'application/json', STREAM: 'text/csv' }
  const type = sendsBody && types[entry.body] ? [{ key: 'Content-Type', value: types[entry.body] }] : []
  return [...type, ...key]
}

function url(method: Method, path: string, schemas: Record<string, Schema>): Json {
  const names = pathParameters(path)
  const segments = path.slice(1).split('/')
  const query = hasBody(method) ? {} : (sample(schemas[`${method.request.name}.query`] as Schema, schemas) as Json)
  const asked = Object.entries(query).filter(([name]) => !names.includes(name))
  const search = asked.length > 0 ? `?${asked.map(([name, value]) => `${name}=${value}`).join('&')}` : ''
  return {
    raw: `{{baseUrl}}/${segments.map(colon).join('/')}${search}`,
    host: ['{{baseUrl}}'],
    path: segments.map(colon),
    query: asked.length > 0 ? asked.map(([key, value]) => ({ key, value: String(value) })) : undefined,
    variable: names.length > 0 ? names.map((key) => ({ key, value: 'sample' })) : undefined,
  }
}

/** `{id}` → `:id`, Postman's way of writing a path variable. */
function colon(segment: string): string {
  return segment.replace(/^\{(.*)\}$/, ':$1')
}

function body(method: Method, entry: MethodEntry, path: string, schemas: Record<string, Schema>): Json {
  if (entry.body === 'MULTIPART') return { mode: 'formdata', formdata: [{ key: 'file', type: 'file', src: null }] }
  if (entry.body === 'STREAM') return { mode: 'raw', raw: '' }
  if (entry.body === 'RAW') return { mode: 'raw', raw: '{}' }
  const value = sample(schemas[`${method.request.name}.input`] as Schema, schemas) as Json
  const kept = Object.fromEntries(Object.entries(value).filter(([name]) => !pathParameters(path).includes(name)))
  return { mode: 'raw', raw: JSON.stringify(kept), options: { raw: { language: 'json' } } }
}
