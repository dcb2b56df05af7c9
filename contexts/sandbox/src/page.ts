import { createHash } from 'node:crypto'
import type { ChargeStatus } from '@souk/contract/sandbox'
import type { Money } from '@souk/kernel'
import type { Locale } from '@souk/platform'
import { type Outcome, outcomes } from './domain.ts'

type Words = {
  title: string
  notice: string
  pay: string
  decline: string
  others: string
  seconds: string
  refunds: string
  back: string
  failed: string
  outcomes: Record<Outcome, string>
  status: Record<ChargeStatus, string>
}

const english: Words = {
  title: 'Sandbox payment',
  notice: 'This is a test channel. No real money moves, and no card is ever asked for.',
  pay: 'Pay',
  decline: 'Decline',
  others: 'Play something else',
  seconds: 'Seconds of delay',
  refunds: 'Later refunds of this payment',
  back: 'Back to the shop',
  failed: 'That did not work. Please try again.',
  outcomes: {
    SUCCESS: 'succeed',
    DECLINE: 'are declined',
    PENDING: 'stay pending',
    DELAY: 'succeed after a delay',
    DUPLICATE: 'are reported three times',
    REORDER: 'are reported in the wrong order',
    WRONG_AMOUNT: 'report a wrong amount',
    WRONG_CURRENCY: 'report a wrong currency',
    LOST_REPLY: 'succeed without any report',
    DECLINE_AFTER_SUCCESS: 'are reported as declined after success',
  },
  status: {
    OPEN: 'Waiting for you',
    PENDING: 'Pending at the bank',
    SUCCEEDED: 'Paid',
    FAILED: 'Declined',
    VOIDED: 'Cancelled by the shop',
  },
}

const chinese: Words = {
  title: '沙箱支付',
  notice: '这是测试通道：不会产生真实扣款，也不会要求输入银行卡号。',
  pay: '支付',
  decline: '拒绝支付',
  others: '模拟其他结果',
  seconds: '延迟秒数',
  refunds: '此笔支付之后的退款',
  back: '返回商店',
  failed: '操作未成功，请重试。',
  outcomes: {
    SUCCESS: '成功',
    DECLINE: '被拒绝',
    PENDING: '保持处理中',
    DELAY: '延迟后成功',
    DUPLICATE: '重复通知三次',
    REORDER: '通知顺序错乱',
    WRONG_AMOUNT: '金额错误',
    WRONG_CURRENCY: '币种错误',
    LOST_REPLY: '成功但没有通知',
    DECLINE_AFTER_SUCCESS: '成功后又通知失败',
  },
  status: {
    OPEN: '等待支付',
    PENDING: '银行处理中',
    SUCCEEDED: '已支付',
    FAILED: '已拒绝',
    VOIDED: '已被商店取消',
  },
}

const style = `body{margin:0;font:16px/1.5 system-ui,sans-serif;background:#f4f4f2;color:#1b1b1b}
main{max-width:26rem;margin:8vh auto;padding:2rem;background:#fff;border-radius:.75rem}
h1{font-size:1.1rem;margin:0 0 1rem}.sum{font-size:2rem;font-weight:600;margin:.25rem 0}
.quiet{color:#555;font-size:.9rem}button,select,input{font:inherit;padding:.6rem .9rem;border-radius:.5rem;border:1px solid #777;background:#fff;color:inherit}
button{cursor:pointer}.pay{background:#14532d;border-color:#14532d;color:#fff;width:100%}.no{width:100%;margin-top:.5rem}
details{margin-top:1.5rem}details button{display:block;width:100%;margin-top:.4rem;text-align:left}label{display:block;margin-top:.8rem}
:focus-visible{outline:3px solid #2563eb;outline-offset:2px}
@media (prefers-color-scheme:dark){body{background:#161616;color:#eee}main{background:#222}.quiet{color:#bbb}button,select,input{background:#2c2c2c}.pay{background:#15803d}}`

const script = `const form=document.querySelector('form')
form?.addEventListener('submit',async(event)=>{event.preventDefault()
const say=document.querySelector('[role=status]')
const order={outcome:event.submitter.value,refundOutcome:form.elements.refundOutcome.value}
if(order.outcome==='DELAY')order.seconds=Number(form.elements.seconds.value)
try{const answer=await fetch(location.pathname,{method:'POST',headers:{'content-type':'application/json'},body:JSON.stringify(order)})
if(!answer.ok)throw new Error(answer.status)
const{returnUrl}=await answer.json()
if(returnUrl&&/^https?:$/.test(new URL(returnUrl,location.href).protocol))location.assign(returnUrl)
else location.reload()}catch{say.textContent=say.dataset.failed}})`

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Only this page's own style and script run; it talks to nobody but its own address. */
export const pagePolicy = [
  "default-src 'none'",
  `style-src ${hashOf(style)}`,
  `script-src ${hashOf(script)}`,
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const safe = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)

const shown = ({ currency, amount }: Money, locale: Locale): string => {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency })
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}

export type PageContent = {
  amount: Money
  description: string
  returnUrl: string
  status: ChargeStatus
  refundOutcome: Outcome
  /** Whether the buyer may still choose. */
  playable: boolean
}

const choices = ({ refundOutcome }: PageContent, words: Words): string => `<form>
<button class="pay" value="SUCCESS">${words.pay}</button>
<button class="no" value="DECLINE">${words.decline}</button>
<details><summary>${words.others}</summary>
${outcomes
  .filter((outcome) => outcome !== 'SUCCESS' && outcome !== 'DECLINE')
  .map((outcome) => `<button value="${outcome}">${outcome}</button>`)
  .join('\n')}
<label>${words.seconds} <input name="seconds" type="number" min="0" max="259200" value="10"></label>
<label>${words.refunds} <select name="refundOutcome">${outcomes
  .map(
    (outcome) =>
      `<option value="${outcome}"${outcome === refundOutcome ? ' selected' : ''}>${words.outcomes[outcome]}</option>`,
  )
  .join('')}</select></label>
</details></form>`

/** The hosted page: self-contained HTML, everything from outside escaped. */
export const renderPage = (content: PageContent, locale: Locale): string => {
  const words = locale === 'zh-CN' ? chinese : english
  const back = /^https?:\/\//.test(content.returnUrl)
    ? `<p><a href="${safe(content.returnUrl)}" rel="noreferrer">${words.back}</a></p>`
    : ''
  return `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex"><title>${words.title}</title><style>${style}</style></head>
<body><main><h1>${words.title}</h1>
<p class="sum">${safe(shown(content.amount, locale))}</p>
<p>${safe(content.description)}</p>
<p role="status" data-failed="${words.failed}">${words.status[content.status]}</p>
${content.playable ? choices(content, words) : ''}
${back}<p class="quiet">${words.notice}</p></main><script>${script}</script></body></html>`
}
