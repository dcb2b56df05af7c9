const place = 'souk.cart'

/** Whoever holds it holds the guest's bag. */
export const cartToken = (): string | undefined => localStorage.getItem(place) ?? undefined

export const keepCartToken = (token: string): void => localStorage.setItem(place, token)

export const dropCartToken = (): void => localStorage.removeItem(place)
