import type { ChannelRefund, Charge, SandboxChannelService } from '@souk/contract/sandbox'
import { faultOf } from '@souk/kernel'
import type { Call } from '@souk/platform'
import type { Channel } from '../channel.ts'
import type { ChannelWord, RefundWord } from '../domain/words.ts'
import { checkSignature } from './signature.ts'

export type SandboxOptions = {
  client: SandboxChannelService<Call>
  secrets: readonly string[]
  /** Where buyers reach us: the page they come back to. */
  publicUrl: string
  /** Where the channel reaches us. */
  callbackUrl: string
}

const noMoney = { currency: '', amount: 0 }

const chargeWord = (charge: Charge): ChannelWord => {
  const reference = charge.channelReference
  switch (charge.status) {
    case 'SUCCEEDED':
      return { status: 'SUCCEEDED', captured: charge.captured ?? noMoney, reference }
    case 'FAILED':
    case 'VOIDED':
      return { status: charge.status }
    default:
      return { status: charge.status === 'OPEN' ? 'OPEN' : 'PENDING', redirectUrl: charge.pageUrl, reference }
  }
}

const refundWord = (refund: ChannelRefund): RefundWord => ({
  status: refund.status === 'SUCCEEDED' || refund.status === 'FAILED' ? refund.status : 'PENDING',
  amount: refund.amount ?? noMoney,
  reference: refund.channelReference,
})

/** NOT_FOUND is the channel's word, not an outage. */
const orAbsent = async <Word>(asking: Promise<Word>): Promise<Word | { status: 'ABSENT' }> => {
  try {
    return await asking
  } catch (error) {
    if (faultOf(error)?.code === 'NOT_FOUND') return { status: 'ABSENT' }
    throw error
  }
}

/** A request the channel calls wrong was refused for good. */
const orRefused = async (asking: Promise<ChannelWord>): Promise<ChannelWord> => {
  try {
    return await asking
  } catch (error) {
    if (faultOf(error)?.code === 'VALIDATION_FAILED') return { status: 'FAILED' }
    throw error
  }
}

const trimmed = (url: string): string => url.replace(/\/+$/, '')

/** The sandbox: a separate party with a hosted page and signed callbacks. */
export const sandboxChannel = ({ client, secrets, publicUrl, callbackUrl }: SandboxOptions): Channel => ({
  id: 'sandbox',
  name: { en: 'Sandbox (test payment)', 'zh-CN': '沙箱支付（测试）' },
  clearing: 'psp_clearing',
  remote: true,
  create: ({ paymentId, orderId, orderNumber, amount }, call) =>
    orRefused(
      client
        .createCharge(
          {
            paymentId,
            amount,
            description: call.locale === 'zh-CN' ? `订单 ${orderNumber}` : `Order ${orderNumber}`,
            callbackUrl: `${trimmed(callbackUrl)}/v1/payments/${paymentId}/callbacks`,
            returnUrl: `${trimmed(publicUrl)}/pay/${orderId}/return`,
          },
          call,
        )
        .then(chargeWord),
    ),
  query: (paymentId, call) => orAbsent(client.getCharge({ paymentId }, call).then(chargeWord)),
  void: (paymentId, call) => orAbsent(client.voidCharge({ paymentId }, call).then(chargeWord)),
  refund: (refund, call) => client.createRefund(refund, call).then(refundWord),
  queryRefund: (refundId, call) => orAbsent(client.getRefund({ refundId }, call).then(refundWord)),
  verifyCallback: (rawBody, signature, now) => checkSignature(rawBody, signature, now, secrets),
})
