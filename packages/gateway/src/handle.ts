import type { MethodEntry } from '@souk/contract/methods'
import { type Codec, type ServiceName, services } from '@souk/contract/services'
import type { Call } from '@souk/platform'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { EdgeCache } from './cache/edge-cache.ts'
import { etagOf, type Made, type Ready } from './cache/ready.ts'
import { answerTags } from './cache/tags.ts'
import { tokenFromCookie, withCookie } from './guard/session-cookie.ts'
import { createBind, type Route } from './input/bind.ts'
import { canonical, requestHash } from './input/canonical.ts'
import { createHeaderFields } from './input/header-fields.ts'
import { createRead, type Reading, type ReadOptions } from './input/read.ts'
import { dropUpload } from './input/upload.ts'
import type { GatewayOptions } from './options.ts'
import { type Answer, alreadyHas, asPrivate, asPublic, createAnswer } from './output/answer.ts'
import { anonymous, type Visit, visitOf } from './server/visit.ts'

export type HandleOptions = Pick<GatewayOptions, 'invoke' | 'log'> &
  ReadOptions & {
    publicOrigin: string
    /** Origins that may read across. */
    origins: ReadonlySet<string>
    cache: EdgeCache
  }

type Message = Record<string, unknown>
type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

/** From a request that passed the guard to its answer. */
export const createHandle = (route: Route, options: HandleOptions): Handler => {
  const { entry } = route
  const read = createRead(route, options)
  const bind = createBind(route)
  // The router takes a rejection with anything but an Error for an answer.
  const invoke: HandleOptions['invoke'] = (...call) =>
    options.invoke(...call).catch((error: unknown) => {
      throw error instanceof Error ? error : new Error(`thrown: ${typeof error}`)
    })
  const create = entry.cache ? createCachedAnswer : createDirectAnswer
  const answer = create(entry, { ...options, invoke })
  return async (request, reply) => {
    const visit = visitOf(request.raw)
    const reading = read(request, visit.locale)
    const message = bind(reading, visit.locale)
    if (visit.refusal) throw visit.refusal
    return answer({ request, reply, visit, reading, message })
  }
}

type Judged = { request: FastifyRequest; reply: FastifyReply; visit: Visit; reading: Reading; message: Message }

const codecsOf = (entry: MethodEntry): { request: Codec<unknown>; response: Codec<unknown> } => {
  const method = services[entry.service as ServiceName].methods[entry.method]
  if (!method) throw new Error(`The contract has no method ${entry.name}`)
  return method
}

const createDirectAnswer = (
  entry: MethodEntry,
  options: HandleOptions,
): ((judged: Judged) => Promise<FastifyReply>) => {
  const codecs = codecsOf(entry)
  const present = createAnswer(entry, codecs.response, options.log)
  const headerFields = createHeaderFields(entry)
  const isPublicRead = entry.http?.verb === 'GET' && entry.access === 'PUBLIC' && !entry.owner
  return async ({ request, reply, visit, reading, message }) => {
    const { headers } = request
    const cookie = tokenFromCookie(entry, message, headers, options.publicOrigin)
    const upload = await reading.receive?.()
    const call = callOf(entry, visit, headers['idempotency-key'], message, reading.raw)
    const internal = {
      ...headerFields(headers),
      ...cookie,
      ...(reading.raw && { rawBody: reading.raw }),
      ...(upload && { upload }),
    }
    const whole = codecs.request.fromPartial({ ...message, ...internal } as Message)
    const response = await options.invoke(entry, whole, call).catch(async (error: unknown) => {
      if (upload) await dropUpload(upload)
      throw error
    })
    const session = withCookie(entry, response, headers, 'refreshToken' in cookie)
    if (session.cookie) reply.header('Set-Cookie', session.cookie)
    const answer = present(session.answer)
    return isPublicRead && answer.status === 200
      ? sendPublic(request, reply, asPublic(answer, options.origins))
      : send(reply, asPrivate(answer))
  }
}

/** Public answers are read as nobody in particular, so that whoever asks first decides nothing. */
const createCachedAnswer = (
  entry: MethodEntry,
  options: HandleOptions,
): ((judged: Judged) => Promise<FastifyReply>) => {
  const { cache, invoke, origins } = options
  const codecs = codecsOf(entry)
  const present = createAnswer(entry, codecs.response, options.log)
  const make = async (message: Message, visit: Visit): Promise<Made> => {
    const whole = codecs.request.fromPartial(message)
    const response = await invoke(entry, whole, { ...callOf(entry, visit, undefined, message), actor: anonymous })
    return { ...asPublic(present(response), origins), tags: answerTags(entry.cache?.tags ?? [], whole, response) }
  }
  return async ({ request, reply, visit, message }) => {
    const { locale } = visit
    const key = `${entry.name} ${locale} ${canonical(message)}`
    const slot = {
      key,
      route: visit.route,
      rateClass: entry.rateClass || ('read' as const),
      ttlMs: entry.cache!.ttlMs,
      locale,
    }
    const ready = cache.get(key) ?? (await cache.fill(slot, () => make(message, visit)))
    if (request.method === 'GET') cache.remember(ready, request.raw.url ?? '')
    return sendReady(request, reply, ready)
  }
}

const callOf = (entry: MethodEntry, visit: Visit, key: unknown, message: Message, raw?: Buffer): Call => ({
  actor: visit.actor,
  deadline: Date.now() + entry.deadlineMs,
  traceparent: visit.traceparent,
  idempotencyKey: typeof key === 'string' && key !== '' ? key : undefined,
  requestHash: key ? requestHash(entry.name, message, raw) : undefined,
  locale: visit.locale,
  address: visit.address,
  // The guard has asked identity; without it no such request comes this far.
  steppedUp: entry.stepUp || undefined,
})

const send = (reply: FastifyReply, { status, headers, body }: Answer): FastifyReply => {
  reply.code(status)
  for (const [name, value] of headers) reply.header(name, value)
  return reply.send(body)
}

const sendPublic = (request: FastifyRequest, reply: FastifyReply, answer: Answer & { body: Buffer }): FastifyReply => {
  const etag = etagOf(answer.body)
  reply.header('ETag', etag)
  if (!alreadyHas(request.headers['if-none-match'], etag)) return send(reply, answer)
  return send(reply, { ...answer, status: 304, body: undefined })
}

const sendReady = (request: FastifyRequest, reply: FastifyReply, ready: Ready): FastifyReply => {
  if (ready.status !== 200) return send(reply, ready)
  const known = alreadyHas(request.headers['if-none-match'], ready.etag)
  reply.header('ETag', ready.etag)
  return send(reply, known ? { ...ready, status: 304, body: undefined } : ready)
}
