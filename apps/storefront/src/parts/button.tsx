import { createLink, type LinkComponent } from '@tanstack/react-router'
import { cva, type VariantProps } from 'class-variance-authority'
import type { ComponentProps } from 'react'

const button = cva(
  'inline-flex items-center justify-center gap-2 rounded-full font-semibold whitespace-nowrap transition-[opacity,background-color,transform] duration-150 active:scale-[.985] disabled:opacity-45 aria-disabled:opacity-45 select-none',
  {
    variants: {
      look: {
        ink: 'bg-ink text-on-ink hover:opacity-88',
        line: 'border border-line-strong text-ink hover:bg-surface',
        soft: 'bg-sunken text-ink hover:bg-line',
        quiet: 'text-ink hover:bg-surface',
        danger: 'bg-bad text-on-ink hover:opacity-88',
      },
      size: {
        small: 'min-h-11 px-4 text-small',
        medium: 'min-h-12 px-6 text-[15px]',
        large: 'min-h-14 px-7 text-body',
      },
      wide: { true: 'w-full', false: '' },
    },
    defaultVariants: { look: 'ink', size: 'medium', wide: false },
  },
)

type Look = VariantProps<typeof button>

type ButtonProps = ComponentProps<'button'> & Look & { busy?: boolean }

export const Button = ({ look, size, wide, busy = false, className, children, ...rest }: ButtonProps) => (
  <button type="button" aria-busy={busy || undefined} className={button({ look, size, wide, className })} {...rest}>
    {busy && <Spinner />}
    {children}
  </button>
)

const Spinner = () => (
  <span
    aria-hidden
    className="size-4 animate-spin rounded-full border-2 border-current border-r-transparent motion-reduce:hidden"
  />
)

const Anchor = ({ look, size, wide, className, ...rest }: ComponentProps<'a'> & Look) => (
  <a className={button({ look, size, wide, className })} {...rest} />
)

const CreatedLink = createLink(Anchor)

/** A link to a page of the shop that looks like a button. */
export const ButtonLink: LinkComponent<typeof Anchor> = (props) => <CreatedLink preload="intent" {...props} />
