import type { IncomingMessage } from 'node:http'
import type { MethodEntry } from '@souk/contract/methods'
import { type Codec, type ServiceName, services } from '@souk/contract/services'
import { fault } from '@souk/kernel'
import type { Call } from '@souk/platform'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type EdgeCache, etagOf, type Made } from './cache/edge-cache.ts'
import { answerTags } from './cache/tags.ts'
import { readRefreshCookie, requireSameOrigin } from './guard/session-cookie.ts'
import { createBind, type Route } from './input/bind.ts'
import { canonical, requestHash } from './input/canonical.ts'
import { schemaOf } from './input/schema.ts'
import { dropUpload } from './input/upload.ts'
import type { GatewayOptions } from './options.ts'
import { alreadyHas, type Answer, asPrivate, asPublic, createAnswer } from './output/answer.ts'
import { sessionAnswer } from './output/session.ts'
import { type Reading, type Read, checkCards } from './read.ts'
import { anonymous, type Visit, visitOf } from './server/visit.ts'

export type HandleOptions = Pick<GatewayOptions, 'invoke' | 'publicUrl'> & {
  cache: EdgeCache
  /** Origins that may read across. */
  origins: ReadonlySet<string>
  read: Read
}

type Message = Record<string, unknown>

export const codecsOf = (entry: MethodEntry): { request: Codec<unknown>; response: Codec<unknown> } => {
  const method = services[entry.service as ServiceName].methods[entry.method]
  if (!method) throw new Error(`The contract has no method ${entry.name}`)
  return method
}
