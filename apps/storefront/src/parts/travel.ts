import type { MouseEvent } from 'react'

const name = 'object'

/** The clicked card's object travels to the stage of the product page: it alone carries the name of that transition. */
export const travel = (event: MouseEvent<HTMLElement>): void => {
  for (const other of document.querySelectorAll<HTMLElement>('.souk-media')) other.style.viewTransitionName = ''
  const picture = event.currentTarget.closest('article')?.querySelector<HTMLElement>('.souk-media')
  if (picture) picture.style.viewTransitionName = name
}

/** Where it arrives. */
export const arrival = name
