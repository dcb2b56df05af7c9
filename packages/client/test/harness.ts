import assert from 'node:assert/strict'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { type ClientOptions, createClient, Problem } from '../src/index.ts'

type Seen = { method: string; url: string; headers: IncomingHttpHeaders; body: string }
type Reply = { status?: number; headers?: Record<string, string>; body?: unknown; hang?: boolean }

/** A server that plays the gateway, and a client that talks to it. */
export const open = async (
  t: TestContext,
  reply: (seen: Seen, count: number) => Reply | Promise<Reply>,
  options: Partial<ClientOptions> = {},
) => {
  const seen: Seen[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const one = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    }
    seen.push(one)
    const { status = 200, headers = {}, body = {}, hang } = await reply(one, seen.length)
    if (hang) return
    response.writeHead(status, headers)
    response.end(
      status === 204 ? undefined : Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { seen, client: createClient({ baseUrl, ...options }) }
}

export const refusal = (promise: Promise<unknown>): Promise<Problem> =>
  promise.then(
    () => assert.fail('was not refused'),
    (error: unknown) => {
      assert.ok(error instanceof Problem, String(error))
      return error
    },
  )
