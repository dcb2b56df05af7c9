import { createHmac } from 'node:crypto'

/** The `Souk-Signature` header of a body sent at `sentAt`: the newest secret (first of the list) signs. */
export const signatureOf = (body: string, sentAt: Date, secrets: readonly string[]): string => {
  const t = Math.floor(sentAt.getTime() / 1000)
  const digest = createHmac('sha256', secrets[0] ?? '')
    .update(`${t}.${body}`)
    .digest('hex')
  return `t=${t},v1=${digest}`
}
