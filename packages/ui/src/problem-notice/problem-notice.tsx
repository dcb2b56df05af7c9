import type { ReactNode } from 'react'
import './problem-notice.css'

type ProblemNoticeProps = {
  title: ReactNode
  /** What to do next. */
  children?: ReactNode
  action?: ReactNode
  /** Shown so that it can be told to support. */
  trace?: ReactNode
  tone?: 'bad' | 'warn' | 'calm'
}

/** A refusal in its place: what happened and what to do next. The rest of the page stays usable. */
export const ProblemNotice = ({ title, children, action, trace, tone = 'bad' }: ProblemNoticeProps) => (
  <div className="souk-problem" data-tone={tone} data-testid="problem" role={tone === 'calm' ? 'status' : 'alert'}>
    <div>
      <strong>{title}</strong>
      {children && <p>{children}</p>}
      {trace && <p className="souk-problem-trace">{trace}</p>}
    </div>
    {action}
  </div>
)
