import type { RawAnswer } from '@souk/contract/common'
import type { ShowPageRequest } from '@souk/contract/sandbox'
import type { Call } from '@souk/platform'
import type { Deps } from '../deps.ts'
import { mayPlay } from '../domain.ts'
import { noSuchPage } from '../faults.ts'
import { pagePolicy, renderPage } from '../page.ts'

export const showPage =
  ({ db, store }: Deps) =>
  async ({ token }: ShowPageRequest, call: Call): Promise<RawAnswer> => {
    const charge = await store.chargeByToken(db, token)
    if (!charge) throw noSuchPage()
    const html = renderPage(
      {
        amount: { currency: charge.currency, amount: charge.amount },
        description: charge.description,
        returnUrl: charge.return_url,
        status: charge.status,
        refundOutcome: charge.refund_outcome,
        playable: mayPlay({ status: charge.status, outcome: charge.outcome ?? undefined }),
      },
      call.locale,
    )
    return {
      contentType: 'text/html; charset=utf-8',
      body: Buffer.from(html),
      headers: { 'Content-Security-Policy': pagePolicy, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' },
      status: 200,
    }
  }
