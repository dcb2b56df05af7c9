import type { CSSProperties, ReactNode } from 'react'

type StageProps = {
  /** Degrees; without it the ground stays neutral. */
  hue?: number
  className?: string
  children?: ReactNode
}

/** The ground an object stands on; also its placeholder while the picture loads. */
export const Stage = ({ hue, className, children }: StageProps) => (
  <div
    className={`souk-stage ${className ?? ''}`}
    data-tinted={hue === undefined ? undefined : ''}
    style={hue === undefined ? undefined : ({ '--hue': hue } as CSSProperties)}
  >
    {children}
  </div>
)
