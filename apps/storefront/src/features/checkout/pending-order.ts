import type { Money } from '@souk/contract/common'

/** What the buyer said yes to. */
export type PlaceBody = { preparationId: string; expectedTotal: Money }

const place = 'souk.placing'

/** Remembers an order that is being placed, so that a reload in the middle asks about it instead of ordering again. */
export const rememberPending = (body: PlaceBody): void => sessionStorage.setItem(place, JSON.stringify(body))

export const forgetPending = (): void => sessionStorage.removeItem(place)

export const pendingOrder = (): PlaceBody | undefined => {
  const text = sessionStorage.getItem(place)
  return text === null ? undefined : (JSON.parse(text) as PlaceBody)
}
