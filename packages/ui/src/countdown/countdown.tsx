import { useEffect, useState } from 'react'
import { formatLeft } from '../time.ts'

type CountdownProps = {
  /** RFC 3339. */
  until: string
  /** The server's clock, milliseconds since the epoch: a wrong device clock must change nothing. */
  now: () => number
  /** Called once when the time is over. */
  onEnd?: () => void
  className?: string
}

/** Time left, in digits that do not jump. */
export const Countdown = ({ until, now, onEnd, className }: CountdownProps) => {
  const end = Date.parse(until)
  const [left, setLeft] = useState(() => end - now())
  useEffect(() => {
    let over = end - now() <= 0
    const tick = () => {
      const rest = end - now()
      setLeft(rest)
      if (rest > 0 || over) return
      over = true
      onEnd?.()
    }
    tick()
    const timer = setInterval(tick, 500)
    return () => clearInterval(timer)
  }, [end, now, onEnd])
  return (
    <time role="timer" dateTime={until} className={className} style={{ fontVariantNumeric: 'tabular-nums' }}>
      {formatLeft(left)}
    </time>
  )
}
