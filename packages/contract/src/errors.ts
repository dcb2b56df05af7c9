// Generated from proto/ by tools/gen. Do not edit.

export type ErrorCode =
  | 'SLUG_TAKEN'
  | 'SKU_CODE_TAKEN'
  | 'NOT_PUBLISHABLE'
  | 'IMPORT_UNREADABLE'
  | 'PICTURE_REFUSED'
  | 'VALIDATION_FAILED'
  | 'IDEMPOTENCY_KEY_REQUIRED'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'STEP_UP_REQUIRED'
  | 'NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'VERSION_CONFLICT'
  | 'IN_PROGRESS'
  | 'ILLEGAL_TRANSITION'
  | 'LIMIT_REACHED'
  | 'TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'CARD_DATA_REFUSED'
  | 'RATE_LIMITED'
  | 'HEADERS_TOO_LARGE'
  | 'INTERNAL'
  | 'OVERLOADED'
  | 'UNAVAILABLE'
  | 'DEADLINE_EXCEEDED'
  | 'REQUEST_TIMEOUT'
  | 'UNKNOWN_OUTCOME'
  | 'ACCOUNT_EXISTS'
  | 'CREDENTIALS_REFUSED'
  | 'LOGIN_THROTTLED'
  | 'OUT_OF_STOCK'
  | 'HOLD_CONFLICT'
  | 'PRICE_CHANGED'
  | 'PREPARATION_EXPIRED'
  | 'NOT_BUYABLE'
  | 'CART_EMPTY'
  | 'COUPON_UNAVAILABLE'
  | 'REFUND_EXCEEDS_CAPTURED'
  | 'METHOD_UNAVAILABLE'
  | 'PAYMENT_UNRESOLVED'
  | 'SIGNATURE_REFUSED'
  | 'AMOUNT_MISMATCH'

/** HTTP status and sentence in both languages; `context` declares it. */
export type ErrorEntry = { status: number; en: string; zh: string; context: string }

export const errors: Record<ErrorCode, ErrorEntry> = {
  SLUG_TAKEN: { status: 409, en: 'Another product has this address name.', zh: '该商品别名已被使用。', context: 'catalog' },
  SKU_CODE_TAKEN: { status: 409, en: 'Another SKU has this code.', zh: '该 SKU 编码已被使用。', context: 'catalog' },
  NOT_PUBLISHABLE: {
    status: 409,
    en: 'The product is not complete enough to be published.',
    zh: '商品信息不完整，无法上架。',
    context: 'catalog',
  },
  IMPORT_UNREADABLE: {
    status: 400,
    en: 'The file is not a product CSV that can be read.',
    zh: '无法识别该商品 CSV 文件。',
    context: 'catalog',
  },
  PICTURE_REFUSED: {
    status: 422,
    en: 'Only JPEG, PNG, WebP, AVIF or GIF pictures of reasonable size are accepted.',
    zh: '仅支持大小合理的 JPEG、PNG、WebP、AVIF 或 GIF 图片。',
    context: 'catalog',
  },
  VALIDATION_FAILED: { status: 400, en: 'The request is not valid.', zh: '请求内容不正确。', context: 'common' },
  IDEMPOTENCY_KEY_REQUIRED: {
    status: 400,
    en: 'Send an Idempotency-Key header with this request.',
    zh: '此请求需要 Idempotency-Key 请求头。',
    context: 'common',
  },
  UNAUTHENTICATED: { status: 401, en: 'Sign in to continue.', zh: '请先登录。', context: 'common' },
  FORBIDDEN: { status: 403, en: 'You are not allowed to do this.', zh: '您没有权限执行此操作。', context: 'common' },
  STEP_UP_REQUIRED: {
    status: 403,
    en: 'Confirm your identity again to continue.',
    zh: '请再次验证身份后继续。',
    context: 'common',
  },
  NOT_FOUND: { status: 404, en: 'There is nothing here.', zh: '未找到。', context: 'common' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    en: 'This address does not take that method.',
    zh: '此地址不支持该请求方法。',
    context: 'common',
  },
  VERSION_CONFLICT: {
    status: 409,
    en: 'Somebody changed this in the meantime. Load it again.',
    zh: '内容已被他人修改，请重新加载。',
    context: 'common',
  },
  IN_PROGRESS: {
    status: 409,
    en: 'The same request is still running. Try again shortly.',
    zh: '相同的请求正在处理中，请稍后重试。',
    context: 'common',
  },
  ILLEGAL_TRANSITION: {
    status: 409,
    en: 'This is not possible in the present state.',
    zh: '当前状态下无法执行此操作。',
    context: 'common',
  },
  LIMIT_REACHED: { status: 409, en: 'The limit has been reached.', zh: '已达到上限。', context: 'common' },
  TOO_LARGE: { status: 413, en: 'The request is too large.', zh: '请求内容过大。', context: 'common' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    en: 'Send this request in the documented content type.',
    zh: '不支持的内容类型。',
    context: 'common',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    en: 'This Idempotency-Key was used with another request.',
    zh: '此 Idempotency-Key 已用于其他请求。',
    context: 'common',
  },
  CARD_DATA_REFUSED: {
    status: 422,
    en: 'Card numbers are never accepted here. Type them on the payment page.',
    zh: '此处不接受银行卡号，请在支付页面填写。',
    context: 'common',
  },
  RATE_LIMITED: { status: 429, en: 'Too many requests. Try again later.', zh: '请求过于频繁，请稍后再试。', context: 'common' },
  HEADERS_TOO_LARGE: { status: 431, en: 'The request headers are too large.', zh: '请求头过大。', context: 'common' },
  INTERNAL: { status: 500, en: 'Something went wrong on our side.', zh: '服务器出现问题。', context: 'common' },
  OVERLOADED: { status: 503, en: 'Too busy right now. Try again shortly.', zh: '系统繁忙，请稍后重试。', context: 'common' },
  UNAVAILABLE: { status: 503, en: 'This part is not available right now.', zh: '此服务暂时不可用。', context: 'common' },
  DEADLINE_EXCEEDED: { status: 503, en: 'This took too long. Try again.', zh: '处理超时，请重试。', context: 'common' },
  REQUEST_TIMEOUT: {
    status: 408,
    en: 'The request did not arrive in time. Send it again.',
    zh: '请求未能及时送达，请重新发送。',
    context: 'common',
  },
  UNKNOWN_OUTCOME: {
    status: 503,
    en: 'We do not know yet whether this happened. Ask again with the same key.',
    zh: '结果尚未确认，请使用相同的键重试。',
    context: 'common',
  },
  ACCOUNT_EXISTS: {
    status: 409,
    en: 'There is already an account with this e-mail or phone.',
    zh: '该邮箱或手机号已注册。',
    context: 'identity',
  },
  CREDENTIALS_REFUSED: {
    status: 401,
    en: 'The account or the password is not right.',
    zh: '账号或密码不正确。',
    context: 'identity',
  },
  LOGIN_THROTTLED: {
    status: 429,
    en: 'Too many attempts. Wait a moment and try again.',
    zh: '尝试次数过多，请稍后再试。',
    context: 'identity',
  },
  OUT_OF_STOCK: { status: 409, en: 'There is not enough stock.', zh: '库存不足。', context: 'inventory' },
  HOLD_CONFLICT: {
    status: 409,
    en: 'Stock was already held for this order with other lines.',
    zh: '该订单已按不同的商品预留库存。',
    context: 'inventory',
  },
  PRICE_CHANGED: {
    status: 409,
    en: 'The total has changed. Look at it again before ordering.',
    zh: '订单金额已变化，请确认后重新下单。',
    context: 'order',
  },
  PREPARATION_EXPIRED: {
    status: 409,
    en: 'The preparation has expired or was replaced.',
    zh: '结算信息已过期或已被替换。',
    context: 'order',
  },
  NOT_BUYABLE: { status: 409, en: 'An item is not on sale any more.', zh: '有商品已下架。', context: 'order' },
  CART_EMPTY: { status: 409, en: 'No line of the cart is selected.', zh: '购物车中没有选中的商品。', context: 'order' },
  COUPON_UNAVAILABLE: { status: 409, en: 'The coupon cannot be used.', zh: '优惠券不可用。', context: 'order' },
  REFUND_EXCEEDS_CAPTURED: {
    status: 422,
    en: 'More cannot be refunded than was captured.',
    zh: '退款金额超过可退金额。',
    context: 'payment',
  },
  METHOD_UNAVAILABLE: {
    status: 409,
    en: 'This payment method cannot be used for this order.',
    zh: '该支付方式不可用。',
    context: 'payment',
  },
  PAYMENT_UNRESOLVED: {
    status: 409,
    en: 'An earlier payment is still being confirmed by its channel.',
    zh: '上一笔支付结果仍在确认中。',
    context: 'payment',
  },
  SIGNATURE_REFUSED: { status: 401, en: 'The signature is not valid.', zh: '签名无效。', context: 'payment' },
  AMOUNT_MISMATCH: { status: 422, en: 'The amount is not what is due.', zh: '金额与应付金额不符。', context: 'payment' },
}
