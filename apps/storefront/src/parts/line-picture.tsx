import { Media, Stage } from '@souk/ui'
import { cx } from './cx.ts'

/** A bought or wanted thing, small. Lines carry the address of the picture only; the shop's own are cut-outs. */
export const LinePicture = ({ image, className }: { image: string; className?: string }) => (
  <Stage className={cx('shrink-0 rounded-tile', className)}>
    {image && (
      <Media picture={{ url: image, width: 320, height: 320, cutout: true, alt: '' }} alt="" share="74%" sizes="96px" />
    )}
  </Stage>
)
