import { createKeys, defineContext, systemCall, type TimerHandler } from '@souk/platform'
import type { Channel } from './channel.ts'
import { payOnDelivery } from './channels/pay-on-delivery.ts'
import { sandboxChannel } from './channels/sandbox.ts'
import { config } from './config.ts'
import type { Core, Deps } from './deps.ts'
import { timerKinds } from './domain/timer-kinds.ts'
import { onFacts } from './events.ts'
import { gauges } from './gauges.ts'
import { createPayment } from './service/create-payment.ts'
import { driveRefund } from './service/drive-refund.ts'
import { getPayment } from './service/get-payment.ts'
import { listAllPayments } from './service/list-all-payments.ts'
import { listLedgerEntries } from './service/list-ledger-entries.ts'
import { listMethods } from './service/list-methods.ts'
import { listPaymentCases } from './service/list-payment-cases.ts'
import { listPayments } from './service/list-payments.ts'
import { processCallback } from './service/process-callback.ts'
import { queryPayment } from './service/query-payment.ts'
import { receiveCallbacks } from './service/receive-callback.ts'
import { recordDeliveryPayment } from './service/record-delivery-payment.ts'
import { refundPayment } from './service/refund-payment.ts'
import { settleOrder } from './service/settle-order.ts'
import { createSettle } from './service/settle-together.ts'
import { createStore } from './store.ts'
import { triesOf } from './timers.ts'

/** What a channel may take in the background. */
const channelDeadlineMs = 5000

const timers = (deps: Deps): Record<string, TimerHandler> => {
  const query = queryPayment(deps)
  const refund = driveRefund(deps)
  const settle = settleOrder(deps)
  const callback = processCallback(deps)
  const call = () => systemCall('payment', { deadlineMs: channelDeadlineMs })
  return {
    [timerKinds.query]: ({ aggregateId, payload }) => query(aggregateId, triesOf(payload), call()),
    [timerKinds.refund]: ({ aggregateId, payload }) => refund(aggregateId, triesOf(payload), call()),
    [timerKinds.settle]: ({ aggregateId, payload }) => settle(aggregateId, triesOf(payload), call()),
    [timerKinds.callback]: ({ aggregateId, payload }) => {
      const slash = aggregateId.indexOf('/')
      return callback(aggregateId.slice(0, slash), aggregateId.slice(slash + 1), triesOf(payload), call())
    },
  }
}

export const payment = defineContext({
  name: 'payment',
  migrations: new URL('../migrations/', import.meta.url),
  offers: ['payment.PaymentService', 'payment.PaymentAdminService'],
  needs: ['order.OrderDueService', 'sandbox.SandboxChannelService'],
  hears: ['order.CaptureRequested', 'order.OrderCancelling', 'order.OrderCancelled'],
  config,
  build: ({ db, clock, clients, config: { secrets, publicUrl, callbackUrl, methods }, log, metrics, failpoint }) => {
    const client = clients['sandbox.SandboxChannelService']
    const built: Channel[] = [sandboxChannel({ client, secrets, publicUrl, callbackUrl }), payOnDelivery]
    const channels = new Map(built.map((channel) => [channel.id, channel]))
    const offered = new Set(methods)
    const core: Core = {
      db,
      clock,
      clients,
      log,
      metrics,
      failpoint,
      keys: createKeys(db),
      store: createStore(db.schema),
      channels,
      offered,
    }
    const deps: Deps = { ...core, settle: createSettle(core) }
    return {
      services: {
        'payment.PaymentService': {
          listMethods: listMethods(deps),
          createPayment: createPayment(deps),
          getPayment: getPayment(deps),
          listPayments: listPayments(deps),
          ...receiveCallbacks(deps),
        },
        'payment.PaymentAdminService': {
          refundPayment: refundPayment(deps),
          recordDeliveryPayment: recordDeliveryPayment(deps),
          listAllPayments: listAllPayments(deps),
          listPaymentCases: listPaymentCases(deps),
          listLedgerEntries: listLedgerEntries(deps),
        },
      },
      facts: onFacts(deps),
      timers: timers(deps),
      jobs: [gauges(deps)],
    }
  },
})
