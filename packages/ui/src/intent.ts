/** Where keys outlive a reload; `sessionStorage` in the browser. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** Refusals that do not end an intent although their status is below 500. */
const passing = new Set([401, 408, 425, 429])

const statusOf = (error: unknown): number => {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined
  return typeof status === 'number' ? status : 0
}

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined

/** Whether the server has decided: only then may another try carry another key. Status 0 is a cut connection. */
export const isFinal = (error: unknown): boolean => {
  const status = statusOf(error)
  return status >= 400 && status < 500 && !passing.has(status) && codeOf(error) !== 'IN_PROGRESS'
}

/** Whether trying again by itself makes sense: nobody knows what became of the request. */
export const isUnsure = (error: unknown): boolean => !isFinal(error) && !passing.has(statusOf(error))

/** Object keys in order, so that equal bodies read equal. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )

/** FNV-1a over 64 bits: tells bodies apart without keeping addresses in storage. */
const fingerprint = (text: string): string => {
  let hash = 0xcbf29ce484222325n
  for (let place = 0; place < text.length; place++)
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(place))) * 0x100000001b3n)
  return hash.toString(16)
}

/** A version 4 UUID from 16 random bytes. */
export const uuidOf = (bytes: Uint8Array): string => {
  const hex = Array.from(bytes, (byte, place) => {
    if (place === 6) return ((byte & 0x0f) | 0x40).toString(16)
    return (place === 8 ? (byte & 0x3f) | 0x80 : byte).toString(16).padStart(2, '0')
  }).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** Keys of intents: one per scope and body until a final answer, kept over reloads. */
export const createIntents = (shelf: Shelf, newKey: () => string) => {
  const place = (scope: string) => `souk.intent.${scope}`
  return {
    keyFor(scope: string, body: unknown): string {
      const hash = fingerprint(canonical(body))
      const [known, key] = (shelf.getItem(place(scope)) ?? '').split(' ')
      if (known === hash && key) return key
      const made = newKey()
      shelf.setItem(place(scope), `${hash} ${made}`)
      return made
    },
    settle: (scope: string): void => shelf.removeItem(place(scope)),
  }
}

type Intents = ReturnType<typeof createIntents>

type Sending<A> = {
  intents: Intents
  scope: string
  body: unknown
  send: (key: string) => Promise<A>
  sleep: (ms: number) => Promise<void>
  /** 0 to 1, for jitter. */
  random: () => number
}

const silentRetries = 2

/** Milliseconds before try `attempt + 1`: what the server asks for, else jitter that doubles. */
const waitMs = (error: unknown, attempt: number, random: () => number): number => {
  const asked = typeof error === 'object' && error !== null && 'retryAfter' in error ? error.retryAfter : undefined
  return typeof asked === 'number' ? asked * 1000 : 300 * 2 ** attempt * (0.5 + random())
}

/**
 * Sends a keyed request. Unknown outcomes are repeated twice with the same key, then thrown with the key kept, so that
 * the next press asks about the same intent instead of making a second one.
 */
export const sendIntent = async <A>({ intents, scope, body, send, sleep, random }: Sending<A>): Promise<A> => {
  const key = intents.keyFor(scope, body)
  for (let attempt = 0; ; attempt++) {
    try {
      const answer = await send(key)
      intents.settle(scope)
      return answer
    } catch (error) {
      if (isFinal(error)) intents.settle(scope)
      if (!isUnsure(error) || attempt >= silentRetries) throw error
      await sleep(waitMs(error, attempt, random))
    }
  }
}
