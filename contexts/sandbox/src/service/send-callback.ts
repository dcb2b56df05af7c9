import { createBatcher, errorText } from '@souk/platform'
import { request } from 'undici'
import type { Deps } from '../deps.ts'
import { answerWithinMs, resendAfterMs, resendForMs } from '../domain.ts'
import { signatureOf } from '../sign.ts'
import { type CallbackRow, callbackTimer, type TryEnd } from '../store.ts'

/** Longest wait for the note of how a try ended to be taken up. */
const noteWithinMs = 10_000

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
 * One try to deliver a message over HTTP, signed at this moment. The try is counted and the next one scheduled before
 * it is made, so a kill at any point costs a repetition, never the message.
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
  const resend = (aggregateId: string, waitMs: number) => ({ kind: callbackTimer, aggregateId, dueAt: inMs(waitMs) })

  const begin = (id: string) =>
    db.tx(async (tx) => {
      const row = await store.beginTry(tx, id)
      if (row) await tx.schedule(resend(id, answerWithinMs + resendAfterMs(row.attempts)))
      return row
    })

  const ends = createBatcher<TryEnd & { attempts: number }, true>({
    name: 'sandbox.callbacks',
    run: (tries) =>
      db.tx(async (tx) => {
        await store.endTries(tx, tries)
        const failed = tries.filter(({ end }) => end === 'failed')
        if (failed.length > 0)
          await tx.schedule(...failed.map(({ id, attempts }) => resend(id, resendAfterMs(attempts))))
        return tries.map(() => true as const)
      }),
  })

  const end = async ({ id, attempts, created_at: createdAt }: CallbackRow, status: number, result: string) => {
    const tooOld = clock.now().getTime() - createdAt.getTime() > resendForMs
    const outcome = success(status) ? 'delivered' : tooOld ? 'givenUp' : 'failed'
    await ends.add({ id, attempts, result, end: outcome }, Date.now() + noteWithinMs)
    metrics.count('sandbox_callbacks', { outcome })
    if (outcome === 'givenUp') log.warn('sandbox callback given up', { callbackId: id, attempts, result })
  }

  /** Makes a try that is counted already. */
  const send = async (row: CallbackRow): Promise<void> => {
    let status = 0
    let result: string
    try {
      status = await post(row.url, row.body, signatureOf(row.body, clock.now(), config.secrets))
      result = String(status)
    } catch (error) {
      result = errorText(error)
    }
    await failpoint('sandbox.callback.afterSend')
    await end(row, status, result.slice(0, 200))
  }

  /** The next try of a message, if there is anything left to send. */
  const again = async (id: string): Promise<void> => {
    const row = await begin(id)
    if (row) await send(row)
  }

  return { send, again }
}
