import type { Sql } from './sql.ts'

/**
 * Arrays in PostgreSQL's binary format. The driver writes an array as text, which both sides must escape and parse
 * character by character; a batch of orders is mostly that. Layout: `array_recv` in PostgreSQL's arrayfuncs.c.
 */
type Element = {
  oid: number
  /** Bytes of one element; undefined when this value has no binary form here. */
  size(value: unknown): number | undefined
  write(value: never, to: Buffer, at: number): void
}

const fixed = (oid: number, bytes: number, fits: (value: unknown) => boolean, write: Element['write']): Element => ({
  oid,
  size: (value) => (fits(value) ? bytes : undefined),
  write,
})

const text = (oid: number): Element => ({
  oid,
  size: (value) => (typeof value === 'string' ? Buffer.byteLength(value) : undefined),
  write: (value: string, to, at) => void to.write(value, at),
})

const int8: Element = fixed(20, 8, Number.isSafeInteger, (value: number, to, at) => {
  const high = Math.floor(value / 2 ** 32)
  to.writeInt32BE(high, at)
  to.writeUInt32BE(value - high * 2 ** 32, at + 4)
})

const isInt4 = (value: unknown): boolean => value === ((value as number) | 0)

const uuidText = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const uuid: Element = fixed(
  2950,
  16,
  (value) => typeof value === 'string' && uuidText.test(value),
  (value: string, to, at) => void to.write(value.replaceAll('-', ''), at, 'hex'),
)

/** Milliseconds from 1970 to 2000, where PostgreSQL's timestamps begin. */
const epoch = 946_684_800_000
const isoText = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const timestamptz: Element = fixed(
  1184,
  8,
  (value) => typeof value === 'string' && isoText.test(value),
  (value: string, to, at) => void to.writeBigInt64BE(BigInt(Date.parse(value) - epoch) * 1000n, at),
)

const jsonb: Element = {
  oid: 3802,
  size: (value) => (typeof value === 'string' ? Buffer.byteLength(value) + 1 : undefined),
  write: (value: string, to, at) => {
    to[at] = 1
    to.write(value, at + 1)
  },
}

const boolean: Element = fixed(
  16,
  1,
  (value) => typeof value === 'boolean',
  (value: boolean, to, at) => {
    to[at] = value ? 1 : 0
  },
)

const elements: Record<string, Element> = {
  text: text(25),
  uuid,
  int4: fixed(23, 4, isInt4, (value: number, to, at) => void to.writeInt32BE(value, at)),
  int8,
  bigint: int8,
  boolean,
  timestamptz,
  json: text(114),
  jsonb,
}

const headerBytes = 12
const dimensionBytes = 8

/** The array in binary; undefined when an element has no binary form, so that it travels as text and is judged there. */
export const encodeArray = (type: string, values: readonly unknown[]): Buffer | undefined => {
  const element = elements[type]
  if (!element) return undefined
  let total = headerBytes + (values.length > 0 ? dimensionBytes : 0)
  const sizes: number[] = []
  let nulls = 0
  for (const value of values) {
    const size = value == null ? -1 : element.size(value)
    if (size === undefined) return undefined
    if (size < 0) nulls = 1
    sizes.push(size)
    total += 4 + Math.max(size, 0)
  }
  const buffer = Buffer.allocUnsafe(total)
  buffer.writeInt32BE(values.length > 0 ? 1 : 0, 0)
  buffer.writeInt32BE(nulls, 4)
  buffer.writeInt32BE(element.oid, 8)
  if (values.length === 0) return buffer
  buffer.writeInt32BE(values.length, headerBytes)
  buffer.writeInt32BE(1, headerBytes + 4)
  let at = headerBytes + dimensionBytes
  for (let place = 0; place < values.length; place++) {
    const size = sizes[place]!
    buffer.writeInt32BE(size, at)
    at += 4
    if (size < 0) continue
    element.write(values[place] as never, buffer, at)
    at += size
  }
  return buffer
}

const cast = /^::(\w+)\[\]/

/** The statement's values as they travel: an array whose placeholder is cast (`${ids}::uuid[]`) goes in binary. */
export const toWire = ({ strings, values }: Sql): unknown[] =>
  values.map((value, place) => {
    if (!Array.isArray(value)) return value
    const type = cast.exec(strings[place + 1]!)?.[1]
    return (type && encodeArray(type, value)) ?? value
  })
