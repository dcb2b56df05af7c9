import type { RawAnswer } from '@souk/contract/common'
import type { MethodEntry } from '@souk/contract/methods'
import type { Codec } from '@souk/contract/services'
import type { Log } from '@souk/platform'
import { dataPolicy, type Pairs, pagePolicy } from './headers.ts'
import { asFarAsThere, exactly } from './serialise.ts'

/** What goes out for one answer of a verb. */
export type Answer = { status: number; headers: Pairs; body: string | Buffer | undefined }

/** Message names of the contract that are no JSON of their own. */
const raw = 'common.RawAnswer'
const empty = 'google.Empty'
const jsonType = 'application/json; charset=utf-8'

type Message = Record<string, unknown>

/** Turns a verb's answer into status, headers and body, as the contract says. */
export const createAnswer = (entry: MethodEntry, codec: Codec<unknown>, log: Log): ((answer: unknown) => Answer) => {
  if (entry.response === raw) return (answer) => rawAnswer(codec.fromPartial(answer as Message) as RawAnswer)
  if (entry.response === empty) return () => ({ status: entry.successStatus, headers: [], body: undefined })
  return (answer) => {
    const message = codec.fromPartial(answer as Message) as Message
    const moved = entry.responseHeaders.flatMap(({ header, field }) =>
      message[field] ? [[header, String(message[field])] as const] : [],
    )
    return {
      status: entry.successStatus,
      headers: [['Content-Type', jsonType], ['Content-Security-Policy', dataPolicy], ...moved],
      body: serialise(entry, message, log),
    }
  }
}

/** An answer with a gap breaks the contract, so it is a bug and logged as one; the caller still gets the rest. */
const serialise = (entry: MethodEntry, message: Message, log: Log): string => {
  try {
    return exactly(entry.response)(message)
  } catch (error) {
    log.error('answer breaks the contract', {
      kind: 'error',
      method: entry.name,
      error: error instanceof Error ? error.message : '',
    })
    return asFarAsThere(entry.response)(message)
  }
}

/** A page, a picture, a file: sent as it is. */
const rawAnswer = ({ status, contentType, body, headers }: RawAnswer): Answer => {
  const policy = ['Content-Security-Policy', contentType.startsWith('text/html') ? pagePolicy : dataPolicy] as const
  return {
    status: status || 200,
    headers: withDefault([['Content-Type', contentType], ...Object.entries(headers)], policy),
    body: Buffer.from(body.buffer, body.byteOffset, body.byteLength),
  }
}

const withDefault = (headers: Pairs, fallback: readonly [string, string]): Pairs =>
  headers.some(([name]) => name.toLowerCase() === fallback[0].toLowerCase()) ? headers : [...headers, fallback]

/** For the caller alone. */
export const asPrivate = (answer: Answer): Answer => ({
  ...answer,
  headers: withDefault(answer.headers, ['Cache-Control', 'no-store']),
})

/** For everybody who speaks this language: may be kept, must be asked about again each time. */
export const asPublic = (answer: Answer, origins: ReadonlySet<string>): Answer & { body: Buffer } => ({
  status: answer.status,
  headers: withDefault(
    [...answer.headers, ['Vary', origins.size > 0 ? 'Accept-Language, Origin' : 'Accept-Language']],
    ['Cache-Control', 'public, max-age=0, must-revalidate'],
  ),
  body: typeof answer.body === 'string' ? Buffer.from(answer.body) : (answer.body ?? Buffer.alloc(0)),
})

/** Whether the caller already has these bytes (RFC 9110: weak comparison). */
export const alreadyHas = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch !== undefined &&
  (ifNoneMatch === etag ||
    ifNoneMatch.trim() === '*' ||
    ifNoneMatch.split(',').some((one) => one.trim().replace(/^W\//, '') === etag))
