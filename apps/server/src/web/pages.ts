import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { registerDocs } from './docs.ts'
import { sendPage } from './html.ts'
import { type Asset, readStorefront } from './storefront.ts'

const year = 365 * 24 * 3600

/** `/p/$slug` as the build writes it → `/p/:slug` as the router reads it. */
const routeOf = (pattern: string): string => pattern.replaceAll(/\$(\w+)/g, ':$1')

/** `gzip, br;q=0` → gzip. */
const encodingsOf = (request: FastifyRequest): Set<string> =>
  new Set(
    String(request.headers['accept-encoding'] ?? '')
      .split(',')
      .map((word) => word.trim().toLowerCase())
      .filter((word) => !/;\s*q=0(\.0*)?$/.test(word))
      .map((word) => word.replace(/\s*;.*/, '')),
  )

const sendAsset = ({ type, plain, packed }: Asset, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const accepted = encodingsOf(request)
  const form = packed.find(({ encoding }) => accepted.has(encoding))
  if (form) reply.header('content-encoding', form.encoding)
  if (packed.length > 0) reply.header('vary', 'Accept-Encoding')
  return reply
    .type(type)
    .header('cache-control', `public, max-age=${year}, immutable`)
    .send(form?.body ?? plain)
}

/** Programs that take anything get a problem; who asks for a page in so many words is a reader. */
const wantsPage = (request: FastifyRequest): boolean => /\btext\/html\b/.test(request.headers.accept ?? '')

/** The storefront as its build left it: hashed files for ever, pages fresh, and its own page for addresses it lacks. */
const registerStorefront = async (instance: FastifyInstance, dist: string): Promise<void> => {
  const storefront = await readStorefront(dist)
  if (!storefront) return
  const { template, patterns, assets } = storefront
  instance.get('/assets/:file', (request, reply) => {
    const asset = assets.get((request.params as { file: string }).file)
    if (!asset) return reply.callNotFound()
    return sendAsset(asset, request, reply)
  })
  for (const pattern of patterns) instance.get(routeOf(pattern), (request, reply) => sendPage(template, request, reply))
  instance.get('/*', (request, reply) => {
    if (!wantsPage(request)) return reply.callNotFound()
    return sendPage(template, request, reply.code(404))
  })
}

/** Everything that browsers open and the contract does not serve; the storefront is the one built in `dist`. */
export const createPages =
  (dist: string) =>
  async (instance: FastifyInstance): Promise<void> => {
    registerDocs(instance)
    await registerStorefront(instance, dist)
  }
