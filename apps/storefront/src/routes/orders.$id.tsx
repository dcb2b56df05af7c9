import { createFileRoute } from '@tanstack/react-router'
import { OrderScreen } from '../features/orders/screen.tsx'

export const Route = createFileRoute('/orders/$id')({
  component: () => <OrderScreen id={Route.useParams().id} />,
})
