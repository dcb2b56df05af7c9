import { Minus, Plus } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useText } from './use-text.ts'

type StepperProps = {
  value: number
  onChange: (value: number) => void
  /** Whose quantity this is, for those who only hear it. */
  label: string
  most?: number
  disabled?: boolean
}

const limit = 9999

/** A quantity with two buttons; also typed, then taken over when the field is left or Enter is pressed. */
export const Stepper = ({ value, onChange, label, most = limit, disabled = false }: StepperProps) => {
  const { t } = useText()
  const [typed, setTyped] = useState(String(value))
  useEffect(() => setTyped(String(value)), [value])
  const commit = () => {
    const wished = Math.min(most, Math.max(1, Number.parseInt(typed, 10) || value))
    setTyped(String(wished))
    if (wished !== value) onChange(wished)
  }
  const step = 'grid size-11 place-items-center rounded-full hover:bg-sunken disabled:opacity-30'
  return (
    <fieldset className="inline-flex items-center rounded-full border border-line-strong" disabled={disabled}>
      <legend className="sr-only">{label}</legend>
      <button
        type="button"
        className={step}
        aria-label={t('stepper.less')}
        disabled={value <= 1}
        onClick={() => onChange(value - 1)}
      >
        <Minus size={16} aria-hidden />
      </button>
      <input
        className="w-9 bg-transparent text-center text-[15px] font-medium tabular-nums"
        inputMode="numeric"
        aria-label={label}
        value={typed}
        onChange={(event) => setTyped(event.target.value.replace(/\D/g, '').slice(0, 4))}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
      <button
        type="button"
        className={step}
        aria-label={t('stepper.more')}
        disabled={value >= most}
        onClick={() => onChange(value + 1)}
      >
        <Plus size={16} aria-hidden />
      </button>
    </fieldset>
  )
}
