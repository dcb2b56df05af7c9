/** The web's illustrations: what each one says and its object in the picture package. */
export const illustrations: Record<string, string> = {
  'empty-bag': '1f6d2.webp',
  'no-orders': '1f4e6.webp',
  'nothing-found': '1f50d.webp',
  offline: '1f50c.webp',
  'page-not-found': '1f5fa-fe0f.webp',
  error: '1f527.webp',
  coupons: '1f39f-fe0f.webp',
  waiting: '23f3.webp',
  placed: '1f389.webp',
  security: '1f512.webp',
  reviews: '2b50.webp',
  shipped: '1f69a.webp',
  receipt: '1f9fe.webp',
  flash: '26a1.webp',
}
