import { fault } from '@souk/kernel'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { createGuard, type GuardOptions } from './guard/guard.ts'
import { createHandle, type HandleOptions } from './handle.ts'
import { readBody } from './input/body.ts'
import type { GatewayOptions } from './options.ts'
import type { Cors } from './output/headers.ts'
import { createRefuse } from './output/refuse.ts'
import { contractRoutes, pattern, verbsAt } from './routes.ts'

export type AppOptions = { guard: GuardOptions; handle: HandleOptions; cors: Cors; pages: GatewayOptions['pages'] }

/** Which content types a kind of body may have; `*` takes any, and none. */
const contentTypes = {
  JSON: ['application/json'],
  RAW: ['*'],
  STREAM: ['text/csv'],
  MULTIPART: ['multipart/form-data'],
} as const
type BodyKind = keyof typeof contentTypes

/** Nothing longer than the headers may be can reach the router anyway. */
const maxParamLength = 16 * 1024

/** The router: the contract's routes, the web pages, and problems for everything else. */
export const createApp = async ({ guard, handle, cors, pages }: AppOptions): Promise<FastifyInstance> => {
  const refuse = createRefuse(guard.log)
  const app = Fastify({
    routerOptions: { maxParamLength },
    frameworkErrors: (error, request, reply) => {
      refuse(error, request as FastifyRequest, reply as FastifyReply)
    },
  })
  app.setErrorHandler(refuse)
  app.setNotFoundHandler((request, reply) => elsewhere(cors, request, reply))
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  for (const kind of Object.keys(contentTypes) as BodyKind[]) {
    app.register(async (instance) => {
      takeBodies(instance, kind, handle.patienceMs)
      addRoutes(instance, kind, guard, handle)
    })
  }
  // Without these, a page host that answers every GET would answer for addresses of the API too.
  for (const url of ['/v1', '/v1/*']) app.get(url, (request, reply) => elsewhere(cors, request, reply))
  if (pages) app.register(async (instance) => pages(instance))
  await app.ready()
  return app
}

const addRoutes = (instance: FastifyInstance, kind: BodyKind, guard: GuardOptions, handle: HandleOptions): void => {
  for (const route of contractRoutes.filter(({ entry }) => entry.body === kind)) {
    instance.route({
      method: route.verb,
      url: pattern(route.path),
      config: { maxBody: route.entry.maxBody },
      onRequest: createGuard(route, guard),
      handler: createHandle(route, handle),
    })
  }
}

/** JSON and raw bodies are gathered as bytes and parsed by us; files are left in the socket until they are asked for. */
const takeBodies = (instance: FastifyInstance, kind: BodyKind, patienceMs: number): void => {
  instance.removeAllContentTypeParsers()
  const isFile = kind === 'STREAM' || kind === 'MULTIPART'
  instance.addContentTypeParser(
    [...contentTypes[kind]],
    (request: FastifyRequest, _payload: unknown, done: (error: Error | null, body?: unknown) => void) => {
      if (isFile) return done(null)
      const { maxBody } = request.routeOptions.config as unknown as { maxBody: number }
      readBody(request.raw, maxBody, patienceMs).then((bytes) => done(null, bytes), done)
    },
  )
}

/** Addresses or verbs that the contract does not have, and the questions that browsers ask before they call. */
const elsewhere = (cors: Cors, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const verbs = verbsAt(request.raw.url ?? '')
  if (verbs.length === 0) throw fault('NOT_FOUND')
  reply.header('Allow', [...verbs, 'OPTIONS'].join(', '))
  if (request.method !== 'OPTIONS') throw fault('METHOD_NOT_ALLOWED')
  for (const [name, value] of cors.preflight(request.raw, verbs)) reply.header(name, value)
  return reply.code(204).send()
}
