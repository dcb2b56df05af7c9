import { createKeys, defineContext, duration, type Kit, type ServiceName, type Setting } from '@souk/platform'
import { factHandlers, hears } from './events.ts'
import { createAssembly } from './service/assemble.ts'
import { beginPayment } from './service/begin-payment.ts'
import { beginShipping } from './service/begin-shipping.ts'
import { cancelAnyOrder } from './service/cancel-any-order.ts'
import { cancelOrder } from './service/cancel-order.ts'
import { expirePayment } from './service/expire-payment.ts'
import { getAnyOrder } from './service/get-any-order.ts'
import { getOrder } from './service/get-order.ts'
import { getOwner } from './service/get-owner.ts'
import { createHoldStock } from './service/hold-stock.ts'
import { createHolds } from './service/holds.ts'
import { listAllOrders } from './service/list-all-orders.ts'
import { listOrders } from './service/list-orders.ts'
import { placeOrder } from './service/place-order.ts'
import { prepareOrder } from './service/prepare-order.ts'
import { createWriteOrder } from './service/write-order.ts'
import { createOrderLists } from './store/lists.ts'
import { createOrderStore, paymentTimer } from './store/orders.ts'
import { createOrderWriter } from './store/placing.ts'
import { createPreparationStore } from './store/preparations.ts'

/** yyyymmdd in a time zone. */
const businessDay = (timeZone: string) => {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  return (at: Date): string => format.format(at).replaceAll('-', '')
}

const timeZone: Setting<string> = {
  env: 'SOUK_TIME_ZONE',
  about: 'time zone of business days, which order numbers begin with',
  fallback: 'Asia/Shanghai',
  parse: (name) => new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone,
}

const settings = {
  paymentWindowMs: duration('SOUK_PAYMENT_WINDOW', {
    fallback: '15m',
    about: 'how long a placed order waits for its payment',
  }),
  preparationWindowMs: duration('SOUK_PREPARATION_WINDOW', {
    fallback: '5m',
    about: 'how long a preparation holds its stock and its price',
  }),
  timeZone,
}

const needs = [
  'catalog.CatalogPriceService',
  'cart.CartLinesService',
  'identity.IdentityService',
  'inventory.InventoryService',
] as const satisfies readonly ServiceName[]

/** Everything a verb may ask for, made once. */
const wire = ({
  db,
  clock,
  clients,
  config,
  log,
  metrics,
  failpoint,
}: Kit<(typeof needs)[number], typeof settings>) => {
  const keys = createKeys(db)
  const orders = createOrderStore(db)
  const preparations = createPreparationStore(db)
  const writer = createOrderWriter(db, keys, failpoint)
  const assemble = createAssembly({
    catalog: clients['catalog.CatalogPriceService'],
    cart: clients['cart.CartLinesService'],
    identity: clients['identity.IdentityService'],
    preparations,
  })
  const holds = createHolds({
    inventory: clients['inventory.InventoryService'],
    windowMs: config.preparationWindowMs,
    log,
  })
  const holdStock = createHoldStock({ holds, preparations })
  const { paymentWindowMs } = config
  const dayOf = businessDay(config.timeZone)
  const writeOrder = createWriteOrder({ db, keys, orders, writer, clock, metrics, paymentWindowMs, dayOf, failpoint })
  return {
    db,
    keys,
    clock,
    orders,
    lists: createOrderLists(db),
    preparations,
    assemble,
    holds,
    holdStock,
    writeOrder,
    failpoint,
  }
}

/** Orders: prepare, place, list, cancel; their state, their history, what is due for them. */
export const order = defineContext({
  name: 'order',
  migrations: new URL('../migrations/', import.meta.url),
  offers: ['order.OrderService', 'order.OrderAdminService', 'order.OrderDueService'],
  needs,
  hears,
  config: settings,
  build: (kit) => {
    const deps = wire(kit)
    return {
      services: {
        'order.OrderService': {
          prepareOrder: prepareOrder(deps),
          placeOrder: placeOrder(deps),
          listOrders: listOrders(deps),
          getOrder: getOrder(deps),
          cancelOrder: cancelOrder(deps),
        },
        'order.OrderAdminService': {
          listAllOrders: listAllOrders(deps),
          getAnyOrder: getAnyOrder(deps),
          cancelAnyOrder: cancelAnyOrder(deps),
        },
        'order.OrderDueService': {
          beginPayment: beginPayment(deps),
          getOwner: getOwner(deps),
          beginShipping: beginShipping(deps),
        },
      },
      facts: factHandlers(deps),
      timers: { [paymentTimer]: expirePayment(deps) },
    }
  },
})
