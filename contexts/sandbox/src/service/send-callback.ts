import { errorText } from '@souk/platform'
import { request } from 'undici'
import type { Deps } from '../deps.ts'
import { resendAfterMs, resendForMs } from '../domain.ts'
import { signatureOf } from '../sign.ts'
import { callbackTimer } from './announce.ts'

/** How long the merchant may take to answer. */
const answerWithinMs = 5000

const success = (status: number): boolean => status >= 200 && status < 300

/** The status the merchant answered with; its body is of no interest and is not kept. */
const post = async (url: string, body: string, signature: string): Promise<number> => {
  const answer = await request(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'souk-signature': signature },
    signal: AbortSignal.timeout(answerWithinMs),
  })
  answer.body.dump().catch(() => {})
  return answer.statusCode
}

/**
 * One try to deliver a message over HTTP, signed at this moment. The next try is scheduled before this one is made, so
 * a kill at any point costs a repetition, never the message.
 */
export const sendCallback = ({
  db,
  clock,
  store,
  config,
  failpoint,
  log,
  metrics,
}: Omit<Deps, 'sendSoon' | 'pageUrl'>) => {
  const inMs = (ms: number) => new Date(clock.now().getTime() + ms)

  const begin = (id: string) =>
    db.tx(async (tx) => {
      const row = await store.beginTry(tx, id)
      if (row)
        await tx.schedule({
          kind: callbackTimer,
          aggregateId: id,
          dueAt: inMs(answerWithinMs + resendAfterMs(row.attempts)),
        })
      return row
    })

  const end = (id: string, attempts: number, createdAt: Date, status: number, result: string) =>
    db.tx(async (tx) => {
      const tooOld = clock.now().getTime() - createdAt.getTime() > resendForMs
      const outcome = success(status) ? 'delivered' : tooOld ? 'givenUp' : 'failed'
      await store.endTry(tx, id, result, outcome)
      if (outcome === 'failed')
        await tx.schedule({ kind: callbackTimer, aggregateId: id, dueAt: inMs(resendAfterMs(attempts)) })
      else await tx.unschedule(callbackTimer, id)
      metrics.count('sandbox_callbacks', { outcome })
      if (outcome === 'givenUp') log.warn('sandbox callback given up', { callbackId: id, attempts, result })
    })

  return async (id: string): Promise<void> => {
    const row = await begin(id)
    if (!row) return
    let status = 0
    let result: string
    try {
      status = await post(row.url, row.body, signatureOf(row.body, clock.now(), config.secrets))
      result = String(status)
    } catch (error) {
      result = errorText(error)
    }
    await failpoint('sandbox.callback.afterSend')
    await end(id, row.attempts, row.created_at, status, result.slice(0, 200))
  }
}
