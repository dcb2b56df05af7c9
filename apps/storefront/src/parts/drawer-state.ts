let open = false
const listeners = new Set<() => void>()

const become = (next: boolean): void => {
  open = next
  for (const listener of listeners) listener()
}

/** Shows the bag beside the page. */
export const openDrawer = (): void => become(true)
export const closeDrawer = (): void => become(false)
export const isDrawerOpen = (): boolean => open
export const subscribeDrawer = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
