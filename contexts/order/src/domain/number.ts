/** Crockford's base 32: no I, L, O, U, so a number survives being read aloud. */
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * The number that people read: the business day and 60 random bits of the id, so that no sequence is shared.
 * `day` is yyyymmdd, `id` a UUIDv7.
 */
export const orderNumber = (day: string, id: string): string => {
  let bits = BigInt(`0x${id.replaceAll('-', '')}`)
  let word = ''
  for (let at = 0; at < 12; at++) {
    word = digits[Number(bits & 31n)]! + word
    bits >>= 5n
  }
  return day + word
}

/** What somebody typed as an order number, as it is stored. */
export const typedNumber = (text: string): string => text.replaceAll(/[\s-]/g, '').toUpperCase()
