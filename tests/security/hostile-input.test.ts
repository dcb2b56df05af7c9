import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { type Answer, type Api, createApi, must, signIn } from '../api.ts'
import { inParallel } from '../parallel.ts'
import { problemOf, refusedField, refusedWith } from '../problem.ts'
import {
  filledPath,
  inputSchema,
  type Leaf,
  leavesOf,
  type Route,
  replaced,
  routes,
  sampleBody,
  spelled,
} from '../samples.ts'
import { type System, startSystem } from '../system.ts'

const width = 8
const jsonRoutes = routes.filter(({ entry, verb }) => entry.body === 'JSON' && ['POST', 'PUT', 'PATCH'].includes(verb))
const listRoutes = routes.filter(({ entry, verb }) => verb === 'GET' && /\/List|GetCart$/.test(entry.name))

/** What each kind of field must not be taken from; nothing is ever coerced. */
const foreign: Record<string, unknown[]> = {
  string: [1, true, null, [], {}],
  integer: ['1', 1.5, true, null, []],
  number: ['1', true, null],
  boolean: ['true', 1, 0, null],
  array: [{}, 'a', null, 1],
  object: [[], 'a', null, 1],
}

const named = ({ verb, path }: Route) => `${verb} ${path}`

describe('hostile input', () => {
  let system: System
  let admin: Api
  let machine: Api

  before(async () => {
    system = await startSystem('start')
    admin = await signIn(system.base, system.admin.email, system.admin.password)
    const key = await admin.post('/v1/admin/api-keys', { name: 'hostile', scopes: ['inventory:operate'] })
    machine = createApi(system.base, must(key, 201).secret)
  })
  after(() => system?.remove())

  /** As somebody whom the method is open to: what is refused is refused because of its content. */
  const send = (route: Route, body: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
    const by = route.entry.permission === 'inventory:operate' ? machine : admin
    return by.send(route.verb, filledPath(route.path), body, { 'idempotency-key': randomUUID(), ...headers })
  }

  const everywhere = (says: string, work: (route: Route) => Promise<void>) =>
    test(says, async () => {
      assert.ok(jsonRoutes.length > 40, 'the contract has no routes')
      await inParallel(jsonRoutes, width, work)
    })

  const leaves = (route: Route): Leaf[] => leavesOf(route.entry, sampleBody(route.entry))

  everywhere('a field that the contract does not know is refused, at the top and inside', async (route) => {
    const body = sampleBody(route.entry)
    refusedField(await send(route, { ...body, surprise: 1 }), 'surprise', named(route))
    for (const { path, node, value } of leaves(route)) {
      if (node.type !== 'object' || !node.properties) continue
      const wider = replaced(body, path, { ...(value as object), surprise: 1 })
      refusedField(await send(route, wider), `${spelled(path)}.surprise`, `${named(route)} ${spelled(path)}`)
    }
  })

  everywhere('no value is taken from a neighbouring type', async (route) => {
    const body = sampleBody(route.entry)
    for (const { path, node } of leaves(route)) {
      for (const wrong of foreign[node.type!]!) {
        if (wrong === null && node.nullable) continue
        const says = `${named(route)} ${spelled(path)} = ${JSON.stringify(wrong)}`
        refusedField(await send(route, replaced(body, path, wrong)), spelled(path), says)
      }
    }
  })

  everywhere('numbers that cannot be kept exactly are refused', async (route) => {
    const body = sampleBody(route.entry)
    for (const { path, node } of leaves(route)) {
      if (node.type !== 'integer') continue
      for (const digits of ['9007199254740993', '-9007199254740993', '1e300', '1e400', '0.1e-2']) {
        const text = JSON.stringify(replaced(body, path, '@')).replace('"@"', digits)
        refusedField(await send(route, text, json), spelled(path), `${named(route)} ${spelled(path)} = ${digits}`)
      }
    }
  })

  everywhere('NUL, lone surrogates and names of prototypes are refused', async (route) => {
    const body = sampleBody(route.entry)
    const texts = leaves(route).filter(({ node }) => node.type === 'string' && !node.pattern && !node.enum)
    for (const { path } of texts.slice(0, 3)) {
      for (const bad of ['a\\u0000b', 'a\\ud800b', '\\udc00']) {
        const text = JSON.stringify(replaced(body, path, '@')).replace('"@"', `"${bad}"`)
        refusedField(await send(route, text, json), spelled(path), `${named(route)} ${spelled(path)} ${bad}`)
      }
    }
    for (const name of ['__proto__', 'constructor', 'prototype', 'a\\u0000', '\\ud800']) {
      const text = JSON.stringify({ ...body, '@': {} }).replace('"@"', `"${name}"`)
      refusedWith(await send(route, text, json), 'VALIDATION_FAILED', `${named(route)} ${name}`)
    }
    const nested = `{"a":{"__proto__":{"admin":true}}}`
    refusedWith(await send(route, nested, json), 'VALIDATION_FAILED', `${named(route)} nested __proto__`)
  })

  everywhere('what is no JSON object is refused without being quoted', async (route) => {
    const broken = [
      '{"a":',
      '{"secret-word":1,}',
      '[]',
      '"text"',
      'null',
      '1',
      '{} {}',
      '{"a":1}}',
      '\ufeff{}',
      "{'a':1}",
    ]
    for (const text of broken) {
      const { detail } = refusedWith(await send(route, text, json), 'VALIDATION_FAILED', `${named(route)} ${text}`)
      assert.ok(!detail.includes('secret-word'), `${named(route)} quotes the body`)
    }
    const bytes = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])
    refusedWith(await send(route, bytes, json), 'VALIDATION_FAILED', `${named(route)} bytes that are no UTF-8`)
    const deep = `{"a":${'['.repeat(1000)}${']'.repeat(1000)}}`
    refusedWith(await send(route, deep, json), 'VALIDATION_FAILED', `${named(route)} a thousand levels`)
  })

  everywhere('only JSON is taken', async (route) => {
    const text = JSON.stringify(sampleBody(route.entry))
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/csv',
    ])
      refusedWith(
        await send(route, text, { 'content-type': type }),
        'UNSUPPORTED_MEDIA_TYPE',
        `${named(route)} ${type}`,
      )
  })

  everywhere('a body beyond the limit of its method is refused', async (route) => {
    const text = `{"surprise":"${'a'.repeat(route.entry.maxBody)}"}`
    refusedWith(await send(route, text, json), 'TOO_LARGE', named(route))
  })

  test('queries: unknown names, pages out of range, foreign types and injections', async () => {
    for (const route of listRoutes.filter(({ verb }) => verb === 'GET')) {
      const path = filledPath(route.path)
      const ask = (query: string) => admin.get(`${path}?${query}`)
      refusedWith(await ask('surprise=1'), 'VALIDATION_FAILED', `${named(route)} surprise`)
      const known = inputSchemaOfQuery(route)
      if (known.has('pageSize'))
        for (const size of ['0', '-1', '101', '1e9', '1000000000', 'abc', '1.5', '', '0x10', '1&pageSize=2', '%00'])
          refusedField(await ask(`pageSize=${size}`), 'pageSize', `${named(route)} pageSize=${size}`)
      if (known.has('pageToken'))
        for (const token of [
          'garbage',
          '%27%20or%201=1--',
          'a'.repeat(500),
          'eyJhIjoxfQ',
          Buffer.from('[1]').toString('base64url'),
        ])
          refusedWith(
            await ask(`pageToken=${token}`),
            'VALIDATION_FAILED',
            `${named(route)} pageToken=${token.slice(0, 20)}`,
          )
      for (const name of known) {
        if (name === 'pageSize' || name === 'pageToken') continue
        for (const text of [
          "'%20or%20'1'='1",
          '1);drop%20table%20x;--',
          '%25',
          '_',
          '$(id)',
          '../../etc/passwd',
          '%E2%80%8B',
        ]) {
          const answer = await ask(`${name}=${text}`)
          if (answer.status !== 200) problemOf(answer, `${named(route)} ${name}=${text}`)
          assert.ok([200, 400, 404].includes(answer.status), `${named(route)} ${name}=${text}: ${answer.text}`)
        }
        refusedWith(await ask(`${name}=a%00b`), 'VALIDATION_FAILED', `${named(route)} ${name} with NUL`)
      }
    }
  })

  test('addresses: foreign ids, injections, NUL and endless names are simply not there', async () => {
    for (const route of routes.filter(({ verb, path }) => verb === 'GET' && path.includes('{'))) {
      for (const text of [
        "'%20or%20'1'='1",
        '..%2f..%2fetc%2fpasswd',
        '%F0%9F%98%80',
        '-1',
        'a'.repeat(5000),
        'null',
        '__proto__',
      ]) {
        const answer = await admin.get(route.path.replace(/\{[^}]+\}/, text))
        const { code } = problemOf(answer, `${named(route)} ${text.slice(0, 30)}`)
        assert.ok(
          ['NOT_FOUND', 'VALIDATION_FAILED'].includes(code),
          `${named(route)} ${text.slice(0, 30)}: ${answer.text}`,
        )
      }
      for (const text of ['a%00b', '%ED%A0%80', '%ff'])
        assert.ok(
          [400, 404].includes((await admin.get(route.path.replace(/\{[^}]+\}/, text))).status),
          `${named(route)} ${text}`,
        )
    }
  })

  test('keys that are no keys and headers without end are refused', async () => {
    const route = jsonRoutes.find(({ entry }) => entry.name === 'order.OrderService/PlaceOrder')!
    for (const key of ['a'.repeat(201), 'ünprintable', 'tab\there'])
      refusedWith(await send(route, {}, { 'idempotency-key': key }), 'VALIDATION_FAILED', `key ${key.slice(0, 20)}`)
    refusedWith(await send(route, {}, { 'idempotency-key': '' }), 'IDEMPOTENCY_KEY_REQUIRED', 'an empty key')
    const many = `GET /v1/products HTTP/1.1\r\nHost: a\r\n${'X-Filler: some text\r\n'.repeat(10_000)}\r\n`
    assert.match(await overSocket(system.base, many), /^HTTP\/1\.1 431 .*"code":"HEADERS_TOO_LARGE"/s)
    for (const request of [
      'GET / HTTP/9.9\r\n\r\n',
      'NONSENSE\r\n\r\n',
      'GET /v1/products HTTP/1.1\r\n\r\n',
      '\0\0\0\0\r\n\r\n',
    ])
      assert.match(await overSocket(system.base, request), /^HTTP\/1\.1 4\d\d /, request)
  })

  test('after all of it the system is well and nothing came of it', async () => {
    assert.equal((await createApi(system.ops).get('/readyz')).status, 200)
    const { products } = must(await admin.get('/v1/admin/products'), 200)
    assert.deepEqual(products, [])
    assert.deepEqual(must(await admin.get('/v1/admin/orders'), 200).orders, [])
    assert.equal(must(await admin.get('/v1/admin/users'), 200).users.length, 1)
    assert.doesNotMatch(system.output(), /unexpected error|answer breaks the contract/)
  })
})

const json = { 'content-type': 'application/json' }

const inputSchemaOfQuery = ({ entry }: Route): Set<string> =>
  new Set(Object.keys(inputSchema(entry, 'query')?.properties ?? {}))

/** What a server says to bytes that no HTTP client would send. */
const overSocket = (base: string, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base)
    const socket = connect(Number(port), hostname, () => socket.write(text))
    let said = ''
    socket.on('data', (chunk) => {
      said += chunk
    })
    socket.on('error', (error) => (said ? resolve(said) : reject(error)))
    socket.on('close', () => resolve(said))
  })
