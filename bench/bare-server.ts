import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import Fastify from 'fastify'

// The least that Node and Fastify can do with the same bytes: read once from standard input, answered to every GET.
const body = Buffer.from(await text(process.stdin))
const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length }

if (process.argv[2] === 'fastify') {
  const instance = Fastify()
  instance.get('/', (_, reply) => reply.headers(headers).send(body))
  await instance.listen({ port: 0, host: '127.0.0.1' })
  process.stdout.write(String((instance.server.address() as { port: number }).port))
} else {
  const server = createServer((_, response) => response.writeHead(200, headers).end(body))
  server.listen(0, '127.0.0.1', () => process.stdout.write(String((server.address() as { port: number }).port)))
}
