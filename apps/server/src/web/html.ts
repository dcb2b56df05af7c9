import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

const cookies = (header: string | undefined): Record<string, string> =>
  Object.fromEntries(
    (header ?? '').split(';').flatMap((pair) => (pair.includes('=') ? [pair.trim().split(/=(.*)/s).slice(0, 2)] : [])),
  )

const languageOf = (request: FastifyRequest): 'en' | 'zh-CN' => {
  const asked = (request.query as { lang?: unknown }).lang
  const word =
    typeof asked === 'string'
      ? asked
      : (cookies(request.headers.cookie)['souk-lang'] ?? request.headers['accept-language'] ?? '')
  return word.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}

const themeOf = (request: FastifyRequest): string => {
  const theme = cookies(request.headers.cookie)['souk-theme']
  return theme === 'dark' || theme === 'light' ? theme : 'system'
}

const policy = (nonce: string): string =>
  [
    "default-src 'self'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')

/** Fills the page's placeholders for this reader and sends it under the strict content policy. */
export const sendPage = (template: string, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const nonce = randomBytes(16).toString('base64url')
  const html = template
    .replaceAll('{{lang}}', languageOf(request))
    .replaceAll('{{theme}}', themeOf(request))
    .replaceAll('{{nonce}}', nonce)
  return reply
    .header('content-security-policy', policy(nonce))
    .header('cache-control', 'no-cache')
    .header('vary', 'Accept, Accept-Language, Cookie')
    .header('referrer-policy', 'same-origin')
    .header('x-content-type-options', 'nosniff')
    .type('text/html; charset=utf-8')
    .send(html)
}
