import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import { useText } from './use-text.ts'

type PageTitleProps = {
  /** Of the window; the heading's text unless said otherwise. */
  title: string
  children?: ReactNode
  className?: string
}

/** The one h1 of a page; the router moves the focus here after a change of page. */
export const PageTitle = ({ title, children, className }: PageTitleProps) => (
  <>
    <WindowTitle title={title} />
    <h1 tabIndex={-1} className={cx('text-h1', className)}>
      {children ?? title}
    </h1>
  </>
)

export const WindowTitle = ({ title }: { title: string }) => {
  const { t } = useText()
  return <title>{t('title.of', { title })}</title>
}
