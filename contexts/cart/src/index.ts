import { defineContext, duration, pattern } from '@souk/platform'
import { createDeps } from './deps.ts'
import { onFacts } from './events.ts'
import { addItem } from './service/add-item.ts'
import { changeItem } from './service/change-item.ts'
import { emptyCart } from './service/empty-cart.ts'
import { forgetGuests } from './service/forget-guests.ts'
import { getCart } from './service/get-cart.ts'
import { listSelectedLines } from './service/list-selected-lines.ts'
import { mergeCart } from './service/merge-cart.ts'
import { quoteCart } from './service/quote-cart.ts'
import { removeItem } from './service/remove-item.ts'

export const cart = defineContext({
  name: 'cart',
  migrations: new URL('../migrations/', import.meta.url),
  offers: ['cart.CartService', 'cart.CartLinesService'],
  needs: ['catalog.CatalogPriceService', 'inventory.StockService'],
  hears: ['order.OrderPlaced'],
  config: {
    currency: pattern('SOUK_CURRENCY', { fallback: 'CNY', matches: /^[A-Z]{3}$/, about: 'Currency of all prices.' }),
    guestCartMs: duration('SOUK_GUEST_CART_AGE', {
      fallback: '90d',
      about: 'Untouched guest carts are removed after this.',
    }),
  },
  build: ({ db, clients, clock, log, failpoint, config }) => {
    const deps = createDeps({ db, clients, clock, log, failpoint, currency: config.currency })
    return {
      services: {
        'cart.CartService': {
          getCart: getCart(deps),
          emptyCart: emptyCart(deps),
          addItem: addItem(deps),
          changeItem: changeItem(deps),
          removeItem: removeItem(deps),
          mergeCart: mergeCart(deps),
          quoteCart: quoteCart(deps),
        },
        'cart.CartLinesService': { listSelectedLines: listSelectedLines(deps) },
      },
      facts: onFacts(deps),
      jobs: [{ name: 'cart.forgetGuests', everyMs: 3_600_000, run: forgetGuests(deps, config.guestCartMs) }],
    }
  },
})
