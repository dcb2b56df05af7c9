import { type ComponentProps, type ReactNode, useId } from 'react'
import { cx } from './cx.ts'

type LabelledProps = {
  label: string
  hint?: ReactNode
  /** What is wrong with it, in words. */
  error?: string
  className?: string
}

const Says = ({ id, hint, error }: { id: string; hint?: ReactNode; error?: string }) =>
  error || hint ? (
    <p id={id} className={cx('mt-1.5 text-small', error ? 'text-bad' : 'text-ink-3')}>
      {error ?? hint}
    </p>
  ) : null

type FieldProps = LabelledProps & ComponentProps<'input'> & { after?: ReactNode }

/** An input with its label, hint and error tied together. */
export const Field = ({ label, hint, error, className, after, ...input }: FieldProps) => {
  const id = useId()
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-small font-medium">
        {label}
      </label>
      <div className="relative">
        <input
          id={id}
          className={cx('field', after !== undefined && 'pr-13')}
          aria-invalid={error ? true : undefined}
          aria-describedby={error || hint ? `${id}-says` : undefined}
          {...input}
        />
        {after}
      </div>
      <Says id={`${id}-says`} hint={hint} error={error} />
    </div>
  )
}

type SelectFieldProps = LabelledProps & ComponentProps<'select'>

export const SelectField = ({ label, hint, error, className, children, ...select }: SelectFieldProps) => {
  const id = useId()
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-small font-medium">
        {label}
      </label>
      <select
        id={id}
        className="field select-arrow"
        aria-invalid={error ? true : undefined}
        aria-describedby={error || hint ? `${id}-says` : undefined}
        {...select}
      >
        {children}
      </select>
      <Says id={`${id}-says`} hint={hint} error={error} />
    </div>
  )
}
