import { defineContext, type Setting, text } from '@souk/platform'
import { createCharge } from './service/create-charge.ts'
import { createRefund, decideRefund, refundTimer } from './service/create-refund.ts'
import { chargeTimer, decideCharge } from './service/decide-charge.ts'
import { getCharge } from './service/get-charge.ts'
import { getRefund } from './service/get-refund.ts'
import { listBook } from './service/list-book.ts'
import { playBuyer } from './service/play-buyer.ts'
import { sendCallback } from './service/send-callback.ts'
import { showPage } from './service/show-page.ts'
import { voidCharge } from './service/void-charge.ts'
import { type CallbackRow, callbackTimer, createStore } from './store.ts'

const secrets: Setting<string[]> = {
  env: 'SOUK_SANDBOX_SECRET',
  about: 'signs the callbacks of the sandbox channel; a comma list, the first signs and all are accepted',
  secret: true,
  parse: (value) => {
    const words = value.split(',').flatMap((word) => word.trim() || [])
    if (words.length === 0) throw new Error('expected at least one secret')
    return words
  },
}

export const sandbox = defineContext({
  name: 'sandbox',
  migrations: new URL('../migrations/', import.meta.url),
  offers: ['sandbox.SandboxService', 'sandbox.SandboxChannelService'],
  needs: [],
  hears: [],
  config: {
    secrets,
    publicUrl: text('SOUK_PUBLIC_URL', {
      about: 'the address at which buyers reach Souk',
      fallback: 'http://127.0.0.1:8889',
    }),
  },
  build: ({ db, clock, config, failpoint, log, metrics }) => {
    const underWay = new Set<Promise<void>>()
    const base = { db, clock, config, failpoint, log, metrics, store: createStore(db.schema) }
    const { send, again } = sendCallback(base)
    const sendSoon = (callbacks: readonly CallbackRow[]) => {
      for (const callback of callbacks) {
        const sending = send(callback)
          .catch(() => log.warn('sandbox callback will be sent again', { callbackId: callback.id }))
          .finally(() => underWay.delete(sending))
        underWay.add(sending)
      }
    }
    const deps = {
      ...base,
      sendSoon,
      pageUrl: (token: string) => `${config.publicUrl.replace(/\/+$/, '')}/sandbox/pay/${token}`,
    }
    const decide = decideCharge(deps)
    const decideBack = decideRefund(deps)
    return {
      services: {
        'sandbox.SandboxService': { showPage: showPage(deps), playBuyer: playBuyer(deps) },
        'sandbox.SandboxChannelService': {
          createCharge: createCharge(deps),
          getCharge: getCharge(deps),
          voidCharge: voidCharge(deps),
          createRefund: createRefund(deps),
          getRefund: getRefund(deps),
          listBook: listBook(deps),
        },
      },
      timers: {
        [callbackTimer]: ({ aggregateId }) => again(aggregateId),
        [chargeTimer]: ({ aggregateId }) => decide(aggregateId),
        [refundTimer]: ({ aggregateId }) => decideBack(aggregateId),
      },
      stop: async () => {
        await Promise.allSettled(underWay)
      },
    }
  },
})
