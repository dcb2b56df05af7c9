/**
 * Where to go after signing in: only a path of this shop, so that a crafted link cannot send somebody elsewhere.
 * Backslashes and a second slash would be read as another host by browsers.
 */
export const safeNext = (next: string | undefined): string =>
  next !== undefined && /^\/(?![/\\])[^\\\s]*$/.test(next) ? next : '/'

/** `?next=` of the sign-in pages, as it stands in the address. */
export const parseNext = ({ next }: Record<string, unknown>): { next?: string } =>
  typeof next === 'string' ? { next } : {}
