import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { signIn } from '../api.ts'
import { freePort, type System, startSystem } from '../system.ts'

type Item = { name: string; item?: Item[] }
type Execution = {
  item: { name: string }
  response?: { code: number; text(): string }
  requestError?: Error
}
type Failure = { source?: { name?: string }; error: Error }
type Summary = { run: { executions: Execution[]; failures: Failure[] } }
type Run = { executions: Map<string, Execution>; failures: Failure[] }
type Newman = {
  run(
    options: { collection: unknown; envVar: { key: string; value: string }[]; reporters: string[] },
    done: (error: Error | null, summary: Summary) => void,
  ): void
}

// It is CommonJS and brings no types.
const newman = createRequire(import.meta.url)('newman') as Newman
const contract = async (name: string) =>
  JSON.parse(await readFile(new URL(`../../packages/contract/${name}.json`, import.meta.url), 'utf8'))

const collection = (await contract('postman')) as { item: Item[] }
const { paths } = (await contract('openapi')) as {
  paths: Record<string, Record<string, { responses: Record<string, unknown> }>>
}
const names = collection.item.flatMap(({ item = [] }) => item.map(({ name }) => name))

/** The whole collection, in its order, with these variables; each request once, although a script's own are listed too. */
const send = (variables: Record<string, string>): Promise<Run> =>
  new Promise((resolve, reject) => {
    const envVar = Object.entries(variables).map(([key, value]) => ({ key, value }))
    newman.run({ collection, envVar, reporters: [] }, (error, summary) =>
      error
        ? reject(error)
        : resolve({ ...summary.run, executions: new Map(summary.run.executions.map((one) => [one.item.name, one])) }),
    )
  })

/** What the OpenAPI document lists for the route. */
const documented = (name: string): number[] => {
  const [verb = '', path = ''] = name.split(' ')
  return Object.keys(paths[path]![verb.toLowerCase()]!.responses).map(Number)
}

const wrongAnswers = ({ executions }: Run): string[] =>
  [...executions].flatMap(([name, { response, requestError }]) => {
    if (!response) return [`${name}: ${requestError?.message ?? 'not sent'}`]
    const told = documented(name).includes(response.code) && response.code < 500
    return told ? [] : [`${name}: ${response.code} ${response.text().slice(0, 300)}`]
  })

const statusOf = ({ executions }: Run, name: string): number | undefined => executions.get(name)?.response?.code

const answeredAsDocumented = (run: Run): void => {
  assert.deepEqual([...run.executions.keys()], names)
  assert.deepEqual(wrongAnswers(run), [])
  assert.deepEqual(
    run.failures.map(({ source, error }) => `${source?.name}: ${error.message}`),
    [],
  )
}

let system: System
before(async () => {
  system = await startSystem('start')
})
after(() => system?.remove())

test('the administrator sends every request of the collection and gets documented answers', async () => {
  const { token = '' } = await signIn(system.base, system.admin.email, system.admin.password)
  const run = await send({ baseUrl: system.base, accessToken: token })
  answeredAsDocumented(run)
  assert.equal(statusOf(run, 'POST /v1/admin/products'), 201)
  assert.equal(statusOf(run, 'GET /v1/admin/users'), 200)
})

test('without a token the collection registers a buyer of its own, who may do what buyers may', async () => {
  const run = await send({ baseUrl: system.base })
  answeredAsDocumented(run)
  assert.equal(statusOf(run, 'GET /v1/me'), 200)
  assert.equal(statusOf(run, 'GET /v1/orders'), 200)
  assert.equal(statusOf(run, 'POST /v1/admin/products'), 403)
})

test('where nobody answers, every request is reported', async () => {
  const run = await send({ baseUrl: `http://127.0.0.1:${await freePort()}`, accessToken: 'none' })
  assert.equal(wrongAnswers(run).length, names.length)
})
