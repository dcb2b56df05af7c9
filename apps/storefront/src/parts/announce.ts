export type Toast = {
  id: number
  text: string
  action?: { label: string; run: () => void }
}

let sentence = ''
let toasts: readonly Toast[] = []
let count = 0
const listeners = new Set<() => void>()

const tell = (): void => {
  for (const listener of listeners) listener()
}

/** Sentences closer together than this are said as one, or the second would silence the first. */
const breathMs = 1_000
let saidAt = Number.NEGATIVE_INFINITY

/** Speaks to screen readers without moving anything; the same sentence twice is spoken twice. */
export const announce = (text: string): void => {
  const now = performance.now()
  const soon = now - saidAt < breathMs && sentence !== text
  saidAt = now
  if (soon) sentence = `${sentence} ${text}`
  else sentence = text === sentence ? `${text}\u00a0` : text
  tell()
}

export const dismissToast = (id: number): void => {
  toasts = toasts.filter((toast) => toast.id !== id)
  tell()
}

const shownMs = 4_000
/** Long enough to change one's mind. */
const undoMs = 8_000

/** A short notice at the edge of the screen, spoken as well. */
export const toast = (text: string, action?: Toast['action']): void => {
  count += 1
  const id = count
  toasts = [...toasts.slice(-2), { id, text, action }]
  announce(text)
  setTimeout(() => dismissToast(id), action ? undoMs : shownMs)
}

export const spoken = (): string => sentence
export const shownToasts = (): readonly Toast[] => toasts
export const subscribeAnnouncements = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
