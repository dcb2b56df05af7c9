import type { IncomingMessage } from 'node:http'
import type { Upload } from '@souk/contract/common'
import { digitPaths } from '@souk/contract/masks'
import { carriesCard, fault } from '@souk/kernel'
import type { Locale } from '@souk/platform'
import type { FastifyRequest } from 'fastify'
import { createSpelling, type Parts, type Route } from './bind.ts'
import { headersCarryCard } from './cards.ts'
import { inspect, parseBody } from './json.ts'
import { receiveForm, receiveStream } from './upload.ts'

/** What a request says, not yet judged by its schema. */
export type Reading = Parts & {
  /** Untouched bytes of a body that is none of our JSON. */
  raw?: Buffer
  /** Writes the body to a file; asked for only when everything else is in order. */
  receive?: () => Promise<Upload>
}

export type ReadOptions = { tempDir: string; patienceMs: number }

/**
 * Parses a request and refuses what no schema should have to look at: harmful shapes first, then card data (SPEC PA7),
 * of which nothing is kept, not even in the refusal.
 */
export const createRead = (
  route: Route,
  { tempDir, patienceMs }: ReadOptions,
): ((request: FastifyRequest, locale: Locale) => Reading) => {
  const { entry } = route
  const exempt = new Set(digitPaths[entry.request])
  const spell = createSpelling(route)
  const take = (raw: IncomingMessage, locale: Locale): (() => Promise<Upload>) | undefined => {
    if (entry.body !== 'STREAM' && entry.body !== 'MULTIPART') return undefined
    const receive = entry.body === 'STREAM' ? receiveStream : receiveForm
    return () => receive(raw, { tempDir, limit: entry.maxBody, patienceMs, locale })
  }
  return (request, locale) => {
    const bytes = (request.body as Buffer | undefined) ?? Buffer.alloc(0)
    const params = request.params as Parts['params']
    const query = entry.body === 'RAW' ? {} : (request.query as Parts['query'])
    inspect(params, locale)
    inspect(query, locale)
    const body = entry.body === 'JSON' ? parseBody(bytes, locale) : {}
    const parts = spell({ params, query, body }, locale)
    const card =
      headersCarryCard(request.raw.rawHeaders) ||
      [parts.params, parts.query, parts.body].some((part) => carriesCard(part, exempt))
    if (card) throw fault('CARD_DATA_REFUSED')
    return { ...parts, raw: entry.body === 'RAW' ? bytes : undefined, receive: take(request.raw, locale) }
  }
}
