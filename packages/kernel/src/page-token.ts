import { invalid } from './fault.ts'

/** A keyset position as an opaque word. */
export const toPageToken = (position: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url')

/**
 * The position inside a token made by `toPageToken`, checked for its shape: one `typeof` word per place.
 * An empty token is no position. Throws VALIDATION_FAILED for anything else.
 */
export const fromPageToken = <T extends readonly ('string' | 'number')[]>(
  token: string | undefined,
  shape: T,
): { [K in keyof T]: T[K] extends 'number' ? number : string } | undefined => {
  if (!token) return undefined
  try {
    const position: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))
    if (
      Array.isArray(position) &&
      position.length === shape.length &&
      shape.every((word, i) => typeof position[i] === word)
    )
      return position as never
  } catch {
    // Not JSON: falls through to the refusal below.
  }
  throw invalid({ field: 'pageToken', rule: 'format', message: 'not a page token of this list' })
}

/** Page size within 1–100; absent or 0 means 20. */
export const pageSize = (asked: number | undefined): number =>
  asked ? Math.min(Math.max(Math.trunc(asked), 1), 100) : 20

/**
 * Cuts one page out of rows read with `limit size + 1`: the extra row tells that there is more and is dropped;
 * the token is the position of the last row kept.
 */
export const page = <R>(rows: R[], size: number, position: (row: R) => readonly (string | number)[]) => {
  const items = rows.slice(0, size)
  const last = items.at(-1)
  return { items, nextPageToken: rows.length > size && last !== undefined ? toPageToken(position(last)) : '' }
}
