const listeners = new Set<() => void>()
let online = navigator.onLine

/** Server's time minus our monotonic timer, milliseconds; the device's own clock may be wrong. */
let offset: number | undefined

const become = (next: boolean): void => {
  if (next === online) return
  online = next
  for (const listener of listeners) listener()
}

/** Any answer proves the connection; its `Date` teaches the server's clock to the second. */
export const noticeAnswer = (answer: Response): void => {
  become(true)
  const at = Date.parse(answer.headers.get('date') ?? '')
  if (!Number.isNaN(at)) offset = at + 500 - performance.now()
}

/** A request found nobody: offline when the device says so too. */
export const noticeSilence = (): void => become(navigator.onLine)

/** Milliseconds since the epoch on the server's clock. */
export const serverNow = (): number => (offset === undefined ? Date.now() : offset + performance.now())

export const isOnline = (): boolean => online

export const subscribeConnection = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Resolves at once with a connection, else as soon as there is one. */
export const whenOnline = (): Promise<void> =>
  new Promise((resolve) => {
    if (online) return resolve()
    const stop = subscribeConnection(() => {
      stop()
      resolve()
    })
  })

window.addEventListener('online', () => become(true))
window.addEventListener('offline', () => become(false))
