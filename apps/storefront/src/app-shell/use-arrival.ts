import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { announce } from '../parts/announce.ts'

/** After a change of page the focus goes to its heading and its title is read out; changes of filters stay where they are. */
export const useArrival = (): void => {
  const router = useRouter()
  useEffect(
    () =>
      router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
        if (!fromLocation || !pathChanged) return
        // The title element is hoisted by React in the same commit, but a lazy page may still be on its way.
        requestAnimationFrame(() => {
          document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true })
          announce(document.title)
        })
      }),
    [router],
  )
}
