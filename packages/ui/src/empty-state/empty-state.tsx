import type { ReactNode } from 'react'
import './empty-state.css'

type EmptyStateProps = {
  /** Address of an illustration. */
  picture: string
  title: ReactNode
  /** One sentence at most. */
  children?: ReactNode
  action?: ReactNode
  /** As the page's own heading. */
  heading?: 'h1' | 'h2'
}

/** Nothing here (yet): an object, a sentence, one way on. */
export const EmptyState = ({ picture, title, children, action, heading: Heading = 'h2' }: EmptyStateProps) => (
  <div className="souk-empty">
    <img src={picture} alt="" width={160} height={160} />
    <Heading tabIndex={Heading === 'h1' ? -1 : undefined}>{title}</Heading>
    {children && <p>{children}</p>}
    {action}
  </div>
)
