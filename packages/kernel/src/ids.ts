import { randomBytes } from 'node:crypto'

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

let pool = Buffer.alloc(0)
let used = 0
const tenBytes = (): Buffer => {
  if (used + 10 > pool.length) {
    pool = randomBytes(4096)
    used = 0
  }
  used += 10
  return pool.subarray(used - 10, used)
}

/** A new UUIDv7 (RFC 9562): sorts by creation time to the millisecond, 74 random bits. */
export const newId = (): string => {
  const time = Date.now().toString(16).padStart(12, '0')
  const random = tenBytes()
  random[0] = (random[0]! & 0x0f) | 0x70
  random[2] = (random[2]! & 0x3f) | 0x80
  const hex = random.toString('hex')
  return `${time.slice(0, 8)}-${time.slice(8)}-${hex.slice(0, 4)}-${hex.slice(4, 8)}-${hex.slice(8)}`
}

/** Whether a text is a UUID; anything else can be no id of ours and is simply not found. */
export const isId = (text: string): boolean => pattern.test(text)

/** A random secret of at least 128 bits, URL-safe. */
export const newSecret = (bytes = 24): string => randomBytes(bytes).toString('base64url')
