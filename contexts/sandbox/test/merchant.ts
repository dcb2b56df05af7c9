import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = {
  body: string
  signed: boolean
  t: number
  event: { eventId: string; type: string; amount: unknown }
}

/** A merchant on a free port: answers with `answer()` and keeps what it got. */
export const startMerchant = async (secret: string) => {
  const got: Received[] = []
  const merchant = { got, url: '', answer: (): number => 200, close: async () => {} }
  const server = createServer((req, res) => {
    const parts: Buffer[] = []
    req.on('data', (part: Buffer) => parts.push(part))
    req.on('end', () => {
      const body = Buffer.concat(parts).toString()
      const [, t = '', v1 = ''] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(req.headers['souk-signature'])) ?? []
      const signed = createHmac('sha256', secret).update(`${t}.${body}`).digest('hex') === v1
      got.push({ body, signed, t: Number(t), event: JSON.parse(body) })
      res.statusCode = merchant.answer()
      res.end('thank you, and here is a body nobody reads')
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  merchant.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callbacks`
  merchant.close = async () => {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  }
  return merchant
}

/** Waits until `ready` holds; gives up loudly after 20 s. */
export const until = async (ready: () => boolean | Promise<boolean>): Promise<void> => {
  for (const started = Date.now(); !(await ready()); await new Promise((wake) => setTimeout(wake, 10)))
    if (Date.now() - started > 20_000) throw new Error(`still not true: ${ready}`)
}
