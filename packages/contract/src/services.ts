// Generated from proto/ by tools/gen. Do not edit.

import type * as bus from './bus.ts'
import type * as cart from './cart.ts'
import type * as catalog from './catalog.ts'
import type * as edge from './edge.ts'
import type * as fulfillment from './fulfillment.ts'
import type * as identity from './identity.ts'
import type * as inventory from './inventory.ts'
import type * as order from './order.ts'
import type * as payment from './payment.ts'
import type * as sandbox from './sandbox.ts'

import { Empty } from './gen/google/protobuf/empty.ts'
import {
  DeliverFactsAnswer,
  DeliverFactsRequest,
  PollBroadcastAnswer,
  PollBroadcastRequest,
} from './gen/souk/bus/v1/service.ts'
import {
  AddItemRequest,
  Cart,
  ChangeItemRequest,
  GetCartRequest,
  ListSelectedLinesAnswer,
  ListSelectedLinesRequest,
  MergeCartRequest,
  Quote,
  QuoteCartRequest,
  RemoveItemRequest,
} from './gen/souk/cart/v1/service.ts'
import {
  CreateCategoryRequest,
  CreateProductRequest,
  ExportProductsRequest,
  GetJobRequest,
  GetMediaRequest,
  GetProductRequest,
  ImportProductsAnswer,
  ImportProductsRequest,
  Job,
  ListAllProductsAnswer,
  ListAllProductsRequest,
  ListCategoriesAnswer,
  ListCategoriesRequest,
  ListProductsAnswer,
  ListProductsRequest,
  PlaceMediaRequest,
  ProductVerbRequest,
  QuoteSkusAnswer,
  QuoteSkusRequest,
  UpdateCategoryRequest,
  UpdateProductRequest,
  UploadMediaRequest,
} from './gen/souk/catalog/v1/service.ts'
import { Category, Media, Product } from './gen/souk/catalog/v1/types.ts'
import { RawAnswer } from './gen/souk/common/v1/raw.ts'
import {
  CheckoutAnswer,
  CheckoutRequest,
  FlatCheckoutRequest,
  GetOrderPageRequest,
  GetProductPageRequest,
  OrderPage,
  ProductPage,
} from './gen/souk/edge/v1/service.ts'
import {
  DeliverShipmentRequest,
  ListShipmentsAnswer,
  ListShipmentsRequest,
  ShipShipmentRequest,
  Shipment,
} from './gen/souk/fulfillment/v1/service.ts'
import {
  CheckSessionAnswer,
  CheckSessionRequest,
  CreateApiKeyAnswer,
  CreateApiKeyRequest,
  CreateStaffRequest,
  DeleteAddressRequest,
  FreezeUserRequest,
  GetAddressRequest,
  GetKeysRequest,
  GetMeRequest,
  ListAddressesAnswer,
  ListAddressesRequest,
  ListApiKeysAnswer,
  ListApiKeysRequest,
  ListRevokedAnswer,
  ListRevokedRequest,
  ListSessionsAnswer,
  ListSessionsRequest,
  ListUsersAnswer,
  ListUsersRequest,
  LoginRequest,
  LogoutRequest,
  RefreshRequest,
  RegisterRequest,
  ResolveApiKeyAnswer,
  ResolveApiKeyRequest,
  RevokeApiKeyRequest,
  RevokeSessionRequest,
  SetRolesRequest,
  SnapshotAddressRequest,
  StepUpAnswer,
  StepUpRequest,
  TokenAnswer,
  UnfreezeUserRequest,
  UpdateAddressRequest,
  UpdateMeRequest,
} from './gen/souk/identity/v1/service.ts'
import { Address, AddressInput, User } from './gen/souk/identity/v1/types.ts'
import {
  AdjustStockRequest,
  CreateWarehouseRequest,
  GetAvailabilityAnswer,
  GetAvailabilityRequest,
  GetStockAnswer,
  GetStockRequest,
  HoldVerbRequest,
  ListAvailabilityAnswer,
  ListAvailabilityRequest,
  ListMovementsAnswer,
  ListMovementsRequest,
  ListWarehousesAnswer,
  ListWarehousesRequest,
  ReceiveStockAnswer,
  ReceiveStockRequest,
  ReserveStockRequest,
  SetSafetyStockRequest,
} from './gen/souk/inventory/v1/service.ts'
import { Hold, Warehouse } from './gen/souk/inventory/v1/types.ts'
import {
  BeginPaymentAnswer,
  BeginPaymentRequest,
  BeginShippingRequest,
  CancelOrderRequest,
  GetOrderRequest,
  GetOwnerAnswer,
  GetOwnerRequest,
  ListAllOrdersAnswer,
  ListAllOrdersRequest,
  ListOrdersAnswer,
  ListOrdersRequest,
  PlaceOrderRequest,
  Preparation,
  PrepareOrderRequest,
} from './gen/souk/order/v1/service.ts'
import { Order } from './gen/souk/order/v1/types.ts'
import {
  CallbackAnswer,
  CallbackRequest,
  ChannelCallbackRequest,
  CreatePaymentRequest,
  GetPaymentRequest,
  ListAllPaymentsAnswer,
  ListAllPaymentsRequest,
  ListLedgerEntriesAnswer,
  ListLedgerEntriesRequest,
  ListMethodsAnswer,
  ListMethodsRequest,
  ListPaymentCasesAnswer,
  ListPaymentCasesRequest,
  ListPaymentsAnswer,
  ListPaymentsRequest,
  RecordDeliveryPaymentRequest,
  RefundPaymentRequest,
} from './gen/souk/payment/v1/service.ts'
import { Payment, Refund } from './gen/souk/payment/v1/types.ts'
import {
  ChannelRefund,
  Charge,
  CreateChargeRequest,
  CreateRefundRequest,
  GetChargeRequest,
  GetRefundRequest,
  ListBookAnswer,
  ListBookRequest,
  PlayBuyerAnswer,
  PlayBuyerRequest,
  ShowPageRequest,
} from './gen/souk/sandbox/v1/service.ts'

import { type MethodEntry, methodsByName } from './methods.ts'

/** Any part of a message, at any depth. */
export type DeepPartial<T> = T extends string | number | boolean | undefined | Uint8Array
  ? T
  : T extends readonly (infer Item)[]
    ? readonly DeepPartial<Item>[]
    : { [Key in keyof T]?: DeepPartial<T[Key]> }

/** How a message goes over the wire. */
export type Codec<T> = {
  encode(message: T): { finish(): Uint8Array }
  decode(bytes: Uint8Array): T
  /** Absent fields become zero values. */
  fromPartial(object: DeepPartial<T>): T
}

/** Tables hold methods of every type. */
type AnyCodec = Codec<any>

export type ServiceMethod = {
  entry: MethodEntry
  /** gRPC path. */
  path: string
  request: AnyCodec
  response: AnyCodec
}

export type ServiceEntry = { fullName: string; methods: Record<string, ServiceMethod> }

/** The interface of each service over a call context of type C. */
export type ServiceMap<C> = {
  'bus.BusService': bus.BusService<C>
  'cart.CartService': cart.CartService<C>
  'cart.CartLinesService': cart.CartLinesService<C>
  'catalog.CatalogService': catalog.CatalogService<C>
  'catalog.CatalogAdminService': catalog.CatalogAdminService<C>
  'catalog.CatalogPriceService': catalog.CatalogPriceService<C>
  'edge.EdgeService': edge.EdgeService<C>
  'fulfillment.ShipmentAdminService': fulfillment.ShipmentAdminService<C>
  'identity.AuthService': identity.AuthService<C>
  'identity.AccountService': identity.AccountService<C>
  'identity.UserAdminService': identity.UserAdminService<C>
  'identity.IdentityService': identity.IdentityService<C>
  'inventory.InventoryService': inventory.InventoryService<C>
  'inventory.InventoryAdminService': inventory.InventoryAdminService<C>
  'inventory.StockService': inventory.StockService<C>
  'order.OrderService': order.OrderService<C>
  'order.OrderAdminService': order.OrderAdminService<C>
  'order.OrderDueService': order.OrderDueService<C>
  'payment.PaymentService': payment.PaymentService<C>
  'payment.PaymentAdminService': payment.PaymentAdminService<C>
  'sandbox.SandboxService': sandbox.SandboxService<C>
  'sandbox.SandboxChannelService': sandbox.SandboxChannelService<C>
}

export type ServiceName = keyof ServiceMap<unknown>

export const services: Record<ServiceName, ServiceEntry> = {
  'bus.BusService': {
    fullName: 'souk.bus.v1.BusService',
    methods: {
      deliverFacts: {
        entry: methodsByName['bus.BusService/DeliverFacts'],
        path: '/souk.bus.v1.BusService/DeliverFacts',
        request: DeliverFactsRequest,
        response: DeliverFactsAnswer,
      },
      pollBroadcast: {
        entry: methodsByName['bus.BusService/PollBroadcast'],
        path: '/souk.bus.v1.BusService/PollBroadcast',
        request: PollBroadcastRequest,
        response: PollBroadcastAnswer,
      },
    },
  },
  'cart.CartService': {
    fullName: 'souk.cart.v1.CartService',
    methods: {
      getCart: {
        entry: methodsByName['cart.CartService/GetCart'],
        path: '/souk.cart.v1.CartService/GetCart',
        request: GetCartRequest,
        response: Cart,
      },
      emptyCart: {
        entry: methodsByName['cart.CartService/EmptyCart'],
        path: '/souk.cart.v1.CartService/EmptyCart',
        request: GetCartRequest,
        response: Cart,
      },
      addItem: {
        entry: methodsByName['cart.CartService/AddItem'],
        path: '/souk.cart.v1.CartService/AddItem',
        request: AddItemRequest,
        response: Cart,
      },
      changeItem: {
        entry: methodsByName['cart.CartService/ChangeItem'],
        path: '/souk.cart.v1.CartService/ChangeItem',
        request: ChangeItemRequest,
        response: Cart,
      },
      removeItem: {
        entry: methodsByName['cart.CartService/RemoveItem'],
        path: '/souk.cart.v1.CartService/RemoveItem',
        request: RemoveItemRequest,
        response: Cart,
      },
      mergeCart: {
        entry: methodsByName['cart.CartService/MergeCart'],
        path: '/souk.cart.v1.CartService/MergeCart',
        request: MergeCartRequest,
        response: Cart,
      },
      quoteCart: {
        entry: methodsByName['cart.CartService/QuoteCart'],
        path: '/souk.cart.v1.CartService/QuoteCart',
        request: QuoteCartRequest,
        response: Quote,
      },
    },
  },
  'cart.CartLinesService': {
    fullName: 'souk.cart.v1.CartLinesService',
    methods: {
      listSelectedLines: {
        entry: methodsByName['cart.CartLinesService/ListSelectedLines'],
        path: '/souk.cart.v1.CartLinesService/ListSelectedLines',
        request: ListSelectedLinesRequest,
        response: ListSelectedLinesAnswer,
      },
    },
  },
  'catalog.CatalogService': {
    fullName: 'souk.catalog.v1.CatalogService',
    methods: {
      listProducts: {
        entry: methodsByName['catalog.CatalogService/ListProducts'],
        path: '/souk.catalog.v1.CatalogService/ListProducts',
        request: ListProductsRequest,
        response: ListProductsAnswer,
      },
      getProduct: {
        entry: methodsByName['catalog.CatalogService/GetProduct'],
        path: '/souk.catalog.v1.CatalogService/GetProduct',
        request: GetProductRequest,
        response: Product,
      },
      listCategories: {
        entry: methodsByName['catalog.CatalogService/ListCategories'],
        path: '/souk.catalog.v1.CatalogService/ListCategories',
        request: ListCategoriesRequest,
        response: ListCategoriesAnswer,
      },
      getMedia: {
        entry: methodsByName['catalog.CatalogService/GetMedia'],
        path: '/souk.catalog.v1.CatalogService/GetMedia',
        request: GetMediaRequest,
        response: RawAnswer,
      },
    },
  },
  'catalog.CatalogAdminService': {
    fullName: 'souk.catalog.v1.CatalogAdminService',
    methods: {
      listAllProducts: {
        entry: methodsByName['catalog.CatalogAdminService/ListAllProducts'],
        path: '/souk.catalog.v1.CatalogAdminService/ListAllProducts',
        request: ListAllProductsRequest,
        response: ListAllProductsAnswer,
      },
      getProductForStaff: {
        entry: methodsByName['catalog.CatalogAdminService/GetProductForStaff'],
        path: '/souk.catalog.v1.CatalogAdminService/GetProductForStaff',
        request: GetProductRequest,
        response: Product,
      },
      createProduct: {
        entry: methodsByName['catalog.CatalogAdminService/CreateProduct'],
        path: '/souk.catalog.v1.CatalogAdminService/CreateProduct',
        request: CreateProductRequest,
        response: Product,
      },
      updateProduct: {
        entry: methodsByName['catalog.CatalogAdminService/UpdateProduct'],
        path: '/souk.catalog.v1.CatalogAdminService/UpdateProduct',
        request: UpdateProductRequest,
        response: Product,
      },
      publishProduct: {
        entry: methodsByName['catalog.CatalogAdminService/PublishProduct'],
        path: '/souk.catalog.v1.CatalogAdminService/PublishProduct',
        request: ProductVerbRequest,
        response: Product,
      },
      unpublishProduct: {
        entry: methodsByName['catalog.CatalogAdminService/UnpublishProduct'],
        path: '/souk.catalog.v1.CatalogAdminService/UnpublishProduct',
        request: ProductVerbRequest,
        response: Product,
      },
      archiveProduct: {
        entry: methodsByName['catalog.CatalogAdminService/ArchiveProduct'],
        path: '/souk.catalog.v1.CatalogAdminService/ArchiveProduct',
        request: ProductVerbRequest,
        response: Empty,
      },
      createCategory: {
        entry: methodsByName['catalog.CatalogAdminService/CreateCategory'],
        path: '/souk.catalog.v1.CatalogAdminService/CreateCategory',
        request: CreateCategoryRequest,
        response: Category,
      },
      updateCategory: {
        entry: methodsByName['catalog.CatalogAdminService/UpdateCategory'],
        path: '/souk.catalog.v1.CatalogAdminService/UpdateCategory',
        request: UpdateCategoryRequest,
        response: Category,
      },
      uploadMedia: {
        entry: methodsByName['catalog.CatalogAdminService/UploadMedia'],
        path: '/souk.catalog.v1.CatalogAdminService/UploadMedia',
        request: UploadMediaRequest,
        response: Media,
      },
      placeMedia: {
        entry: methodsByName['catalog.CatalogAdminService/PlaceMedia'],
        path: '/souk.catalog.v1.CatalogAdminService/PlaceMedia',
        request: PlaceMediaRequest,
        response: Media,
      },
      importProducts: {
        entry: methodsByName['catalog.CatalogAdminService/ImportProducts'],
        path: '/souk.catalog.v1.CatalogAdminService/ImportProducts',
        request: ImportProductsRequest,
        response: ImportProductsAnswer,
      },
      exportProducts: {
        entry: methodsByName['catalog.CatalogAdminService/ExportProducts'],
        path: '/souk.catalog.v1.CatalogAdminService/ExportProducts',
        request: ExportProductsRequest,
        response: RawAnswer,
      },
      getJob: {
        entry: methodsByName['catalog.CatalogAdminService/GetJob'],
        path: '/souk.catalog.v1.CatalogAdminService/GetJob',
        request: GetJobRequest,
        response: Job,
      },
    },
  },
  'catalog.CatalogPriceService': {
    fullName: 'souk.catalog.v1.CatalogPriceService',
    methods: {
      quoteSkus: {
        entry: methodsByName['catalog.CatalogPriceService/QuoteSkus'],
        path: '/souk.catalog.v1.CatalogPriceService/QuoteSkus',
        request: QuoteSkusRequest,
        response: QuoteSkusAnswer,
      },
    },
  },
  'edge.EdgeService': {
    fullName: 'souk.edge.v1.EdgeService',
    methods: {
      getProductPage: {
        entry: methodsByName['edge.EdgeService/GetProductPage'],
        path: '/souk.edge.v1.EdgeService/GetProductPage',
        request: GetProductPageRequest,
        response: ProductPage,
      },
      checkout: {
        entry: methodsByName['edge.EdgeService/Checkout'],
        path: '/souk.edge.v1.EdgeService/Checkout',
        request: CheckoutRequest,
        response: CheckoutAnswer,
      },
      flatCheckout: {
        entry: methodsByName['edge.EdgeService/FlatCheckout'],
        path: '/souk.edge.v1.EdgeService/FlatCheckout',
        request: FlatCheckoutRequest,
        response: CheckoutAnswer,
      },
      getOrderPage: {
        entry: methodsByName['edge.EdgeService/GetOrderPage'],
        path: '/souk.edge.v1.EdgeService/GetOrderPage',
        request: GetOrderPageRequest,
        response: OrderPage,
      },
    },
  },
  'fulfillment.ShipmentAdminService': {
    fullName: 'souk.fulfillment.v1.ShipmentAdminService',
    methods: {
      listShipments: {
        entry: methodsByName['fulfillment.ShipmentAdminService/ListShipments'],
        path: '/souk.fulfillment.v1.ShipmentAdminService/ListShipments',
        request: ListShipmentsRequest,
        response: ListShipmentsAnswer,
      },
      shipShipment: {
        entry: methodsByName['fulfillment.ShipmentAdminService/ShipShipment'],
        path: '/souk.fulfillment.v1.ShipmentAdminService/ShipShipment',
        request: ShipShipmentRequest,
        response: Shipment,
      },
      deliverShipment: {
        entry: methodsByName['fulfillment.ShipmentAdminService/DeliverShipment'],
        path: '/souk.fulfillment.v1.ShipmentAdminService/DeliverShipment',
        request: DeliverShipmentRequest,
        response: Shipment,
      },
    },
  },
  'identity.AuthService': {
    fullName: 'souk.identity.v1.AuthService',
    methods: {
      register: {
        entry: methodsByName['identity.AuthService/Register'],
        path: '/souk.identity.v1.AuthService/Register',
        request: RegisterRequest,
        response: TokenAnswer,
      },
      login: {
        entry: methodsByName['identity.AuthService/Login'],
        path: '/souk.identity.v1.AuthService/Login',
        request: LoginRequest,
        response: TokenAnswer,
      },
      refresh: {
        entry: methodsByName['identity.AuthService/Refresh'],
        path: '/souk.identity.v1.AuthService/Refresh',
        request: RefreshRequest,
        response: TokenAnswer,
      },
      logout: {
        entry: methodsByName['identity.AuthService/Logout'],
        path: '/souk.identity.v1.AuthService/Logout',
        request: LogoutRequest,
        response: Empty,
      },
      logoutAll: {
        entry: methodsByName['identity.AuthService/LogoutAll'],
        path: '/souk.identity.v1.AuthService/LogoutAll',
        request: LogoutRequest,
        response: Empty,
      },
      listSessions: {
        entry: methodsByName['identity.AuthService/ListSessions'],
        path: '/souk.identity.v1.AuthService/ListSessions',
        request: ListSessionsRequest,
        response: ListSessionsAnswer,
      },
      revokeSession: {
        entry: methodsByName['identity.AuthService/RevokeSession'],
        path: '/souk.identity.v1.AuthService/RevokeSession',
        request: RevokeSessionRequest,
        response: Empty,
      },
      stepUp: {
        entry: methodsByName['identity.AuthService/StepUp'],
        path: '/souk.identity.v1.AuthService/StepUp',
        request: StepUpRequest,
        response: StepUpAnswer,
      },
      getKeys: {
        entry: methodsByName['identity.AuthService/GetKeys'],
        path: '/souk.identity.v1.AuthService/GetKeys',
        request: GetKeysRequest,
        response: RawAnswer,
      },
    },
  },
  'identity.AccountService': {
    fullName: 'souk.identity.v1.AccountService',
    methods: {
      getMe: {
        entry: methodsByName['identity.AccountService/GetMe'],
        path: '/souk.identity.v1.AccountService/GetMe',
        request: GetMeRequest,
        response: User,
      },
      updateMe: {
        entry: methodsByName['identity.AccountService/UpdateMe'],
        path: '/souk.identity.v1.AccountService/UpdateMe',
        request: UpdateMeRequest,
        response: User,
      },
      listAddresses: {
        entry: methodsByName['identity.AccountService/ListAddresses'],
        path: '/souk.identity.v1.AccountService/ListAddresses',
        request: ListAddressesRequest,
        response: ListAddressesAnswer,
      },
      createAddress: {
        entry: methodsByName['identity.AccountService/CreateAddress'],
        path: '/souk.identity.v1.AccountService/CreateAddress',
        request: AddressInput,
        response: Address,
      },
      getAddress: {
        entry: methodsByName['identity.AccountService/GetAddress'],
        path: '/souk.identity.v1.AccountService/GetAddress',
        request: GetAddressRequest,
        response: Address,
      },
      updateAddress: {
        entry: methodsByName['identity.AccountService/UpdateAddress'],
        path: '/souk.identity.v1.AccountService/UpdateAddress',
        request: UpdateAddressRequest,
        response: Address,
      },
      deleteAddress: {
        entry: methodsByName['identity.AccountService/DeleteAddress'],
        path: '/souk.identity.v1.AccountService/DeleteAddress',
        request: DeleteAddressRequest,
        response: Empty,
      },
    },
  },
  'identity.UserAdminService': {
    fullName: 'souk.identity.v1.UserAdminService',
    methods: {
      listUsers: {
        entry: methodsByName['identity.UserAdminService/ListUsers'],
        path: '/souk.identity.v1.UserAdminService/ListUsers',
        request: ListUsersRequest,
        response: ListUsersAnswer,
      },
      freezeUser: {
        entry: methodsByName['identity.UserAdminService/FreezeUser'],
        path: '/souk.identity.v1.UserAdminService/FreezeUser',
        request: FreezeUserRequest,
        response: User,
      },
      unfreezeUser: {
        entry: methodsByName['identity.UserAdminService/UnfreezeUser'],
        path: '/souk.identity.v1.UserAdminService/UnfreezeUser',
        request: UnfreezeUserRequest,
        response: User,
      },
      createStaff: {
        entry: methodsByName['identity.UserAdminService/CreateStaff'],
        path: '/souk.identity.v1.UserAdminService/CreateStaff',
        request: CreateStaffRequest,
        response: User,
      },
      setRoles: {
        entry: methodsByName['identity.UserAdminService/SetRoles'],
        path: '/souk.identity.v1.UserAdminService/SetRoles',
        request: SetRolesRequest,
        response: User,
      },
      createApiKey: {
        entry: methodsByName['identity.UserAdminService/CreateApiKey'],
        path: '/souk.identity.v1.UserAdminService/CreateApiKey',
        request: CreateApiKeyRequest,
        response: CreateApiKeyAnswer,
      },
      listApiKeys: {
        entry: methodsByName['identity.UserAdminService/ListApiKeys'],
        path: '/souk.identity.v1.UserAdminService/ListApiKeys',
        request: ListApiKeysRequest,
        response: ListApiKeysAnswer,
      },
      revokeApiKey: {
        entry: methodsByName['identity.UserAdminService/RevokeApiKey'],
        path: '/souk.identity.v1.UserAdminService/RevokeApiKey',
        request: RevokeApiKeyRequest,
        response: Empty,
      },
    },
  },
  'identity.IdentityService': {
    fullName: 'souk.identity.v1.IdentityService',
    methods: {
      resolveApiKey: {
        entry: methodsByName['identity.IdentityService/ResolveApiKey'],
        path: '/souk.identity.v1.IdentityService/ResolveApiKey',
        request: ResolveApiKeyRequest,
        response: ResolveApiKeyAnswer,
      },
      checkSession: {
        entry: methodsByName['identity.IdentityService/CheckSession'],
        path: '/souk.identity.v1.IdentityService/CheckSession',
        request: CheckSessionRequest,
        response: CheckSessionAnswer,
      },
      listRevoked: {
        entry: methodsByName['identity.IdentityService/ListRevoked'],
        path: '/souk.identity.v1.IdentityService/ListRevoked',
        request: ListRevokedRequest,
        response: ListRevokedAnswer,
      },
      snapshotAddress: {
        entry: methodsByName['identity.IdentityService/SnapshotAddress'],
        path: '/souk.identity.v1.IdentityService/SnapshotAddress',
        request: SnapshotAddressRequest,
        response: Address,
      },
    },
  },
  'inventory.InventoryService': {
    fullName: 'souk.inventory.v1.InventoryService',
    methods: {
      getAvailability: {
        entry: methodsByName['inventory.InventoryService/GetAvailability'],
        path: '/souk.inventory.v1.InventoryService/GetAvailability',
        request: GetAvailabilityRequest,
        response: GetAvailabilityAnswer,
      },
      reserveStock: {
        entry: methodsByName['inventory.InventoryService/ReserveStock'],
        path: '/souk.inventory.v1.InventoryService/ReserveStock',
        request: ReserveStockRequest,
        response: Hold,
      },
      releaseStock: {
        entry: methodsByName['inventory.InventoryService/ReleaseStock'],
        path: '/souk.inventory.v1.InventoryService/ReleaseStock',
        request: HoldVerbRequest,
        response: Hold,
      },
      commitStock: {
        entry: methodsByName['inventory.InventoryService/CommitStock'],
        path: '/souk.inventory.v1.InventoryService/CommitStock',
        request: HoldVerbRequest,
        response: Hold,
      },
    },
  },
  'inventory.InventoryAdminService': {
    fullName: 'souk.inventory.v1.InventoryAdminService',
    methods: {
      getStock: {
        entry: methodsByName['inventory.InventoryAdminService/GetStock'],
        path: '/souk.inventory.v1.InventoryAdminService/GetStock',
        request: GetStockRequest,
        response: GetStockAnswer,
      },
      listMovements: {
        entry: methodsByName['inventory.InventoryAdminService/ListMovements'],
        path: '/souk.inventory.v1.InventoryAdminService/ListMovements',
        request: ListMovementsRequest,
        response: ListMovementsAnswer,
      },
      adjustStock: {
        entry: methodsByName['inventory.InventoryAdminService/AdjustStock'],
        path: '/souk.inventory.v1.InventoryAdminService/AdjustStock',
        request: AdjustStockRequest,
        response: GetStockAnswer,
      },
      setSafetyStock: {
        entry: methodsByName['inventory.InventoryAdminService/SetSafetyStock'],
        path: '/souk.inventory.v1.InventoryAdminService/SetSafetyStock',
        request: SetSafetyStockRequest,
        response: GetStockAnswer,
      },
      listWarehouses: {
        entry: methodsByName['inventory.InventoryAdminService/ListWarehouses'],
        path: '/souk.inventory.v1.InventoryAdminService/ListWarehouses',
        request: ListWarehousesRequest,
        response: ListWarehousesAnswer,
      },
      createWarehouse: {
        entry: methodsByName['inventory.InventoryAdminService/CreateWarehouse'],
        path: '/souk.inventory.v1.InventoryAdminService/CreateWarehouse',
        request: CreateWarehouseRequest,
        response: Warehouse,
      },
    },
  },
  'inventory.StockService': {
    fullName: 'souk.inventory.v1.StockService',
    methods: {
      receiveStock: {
        entry: methodsByName['inventory.StockService/ReceiveStock'],
        path: '/souk.inventory.v1.StockService/ReceiveStock',
        request: ReceiveStockRequest,
        response: ReceiveStockAnswer,
      },
      listAvailability: {
        entry: methodsByName['inventory.StockService/ListAvailability'],
        path: '/souk.inventory.v1.StockService/ListAvailability',
        request: ListAvailabilityRequest,
        response: ListAvailabilityAnswer,
      },
    },
  },
  'order.OrderService': {
    fullName: 'souk.order.v1.OrderService',
    methods: {
      prepareOrder: {
        entry: methodsByName['order.OrderService/PrepareOrder'],
        path: '/souk.order.v1.OrderService/PrepareOrder',
        request: PrepareOrderRequest,
        response: Preparation,
      },
      placeOrder: {
        entry: methodsByName['order.OrderService/PlaceOrder'],
        path: '/souk.order.v1.OrderService/PlaceOrder',
        request: PlaceOrderRequest,
        response: Order,
      },
      listOrders: {
        entry: methodsByName['order.OrderService/ListOrders'],
        path: '/souk.order.v1.OrderService/ListOrders',
        request: ListOrdersRequest,
        response: ListOrdersAnswer,
      },
      getOrder: {
        entry: methodsByName['order.OrderService/GetOrder'],
        path: '/souk.order.v1.OrderService/GetOrder',
        request: GetOrderRequest,
        response: Order,
      },
      cancelOrder: {
        entry: methodsByName['order.OrderService/CancelOrder'],
        path: '/souk.order.v1.OrderService/CancelOrder',
        request: CancelOrderRequest,
        response: Order,
      },
    },
  },
  'order.OrderAdminService': {
    fullName: 'souk.order.v1.OrderAdminService',
    methods: {
      listAllOrders: {
        entry: methodsByName['order.OrderAdminService/ListAllOrders'],
        path: '/souk.order.v1.OrderAdminService/ListAllOrders',
        request: ListAllOrdersRequest,
        response: ListAllOrdersAnswer,
      },
      getAnyOrder: {
        entry: methodsByName['order.OrderAdminService/GetAnyOrder'],
        path: '/souk.order.v1.OrderAdminService/GetAnyOrder',
        request: GetOrderRequest,
        response: Order,
      },
      cancelAnyOrder: {
        entry: methodsByName['order.OrderAdminService/CancelAnyOrder'],
        path: '/souk.order.v1.OrderAdminService/CancelAnyOrder',
        request: CancelOrderRequest,
        response: Order,
      },
    },
  },
  'order.OrderDueService': {
    fullName: 'souk.order.v1.OrderDueService',
    methods: {
      beginPayment: {
        entry: methodsByName['order.OrderDueService/BeginPayment'],
        path: '/souk.order.v1.OrderDueService/BeginPayment',
        request: BeginPaymentRequest,
        response: BeginPaymentAnswer,
      },
      getOwner: {
        entry: methodsByName['order.OrderDueService/GetOwner'],
        path: '/souk.order.v1.OrderDueService/GetOwner',
        request: GetOwnerRequest,
        response: GetOwnerAnswer,
      },
      beginShipping: {
        entry: methodsByName['order.OrderDueService/BeginShipping'],
        path: '/souk.order.v1.OrderDueService/BeginShipping',
        request: BeginShippingRequest,
        response: Empty,
      },
    },
  },
  'payment.PaymentService': {
    fullName: 'souk.payment.v1.PaymentService',
    methods: {
      listMethods: {
        entry: methodsByName['payment.PaymentService/ListMethods'],
        path: '/souk.payment.v1.PaymentService/ListMethods',
        request: ListMethodsRequest,
        response: ListMethodsAnswer,
      },
      createPayment: {
        entry: methodsByName['payment.PaymentService/CreatePayment'],
        path: '/souk.payment.v1.PaymentService/CreatePayment',
        request: CreatePaymentRequest,
        response: Payment,
      },
      getPayment: {
        entry: methodsByName['payment.PaymentService/GetPayment'],
        path: '/souk.payment.v1.PaymentService/GetPayment',
        request: GetPaymentRequest,
        response: Payment,
      },
      listPayments: {
        entry: methodsByName['payment.PaymentService/ListPayments'],
        path: '/souk.payment.v1.PaymentService/ListPayments',
        request: ListPaymentsRequest,
        response: ListPaymentsAnswer,
      },
      receiveCallback: {
        entry: methodsByName['payment.PaymentService/ReceiveCallback'],
        path: '/souk.payment.v1.PaymentService/ReceiveCallback',
        request: CallbackRequest,
        response: CallbackAnswer,
      },
      receiveChannelCallback: {
        entry: methodsByName['payment.PaymentService/ReceiveChannelCallback'],
        path: '/souk.payment.v1.PaymentService/ReceiveChannelCallback',
        request: ChannelCallbackRequest,
        response: CallbackAnswer,
      },
    },
  },
  'payment.PaymentAdminService': {
    fullName: 'souk.payment.v1.PaymentAdminService',
    methods: {
      refundPayment: {
        entry: methodsByName['payment.PaymentAdminService/RefundPayment'],
        path: '/souk.payment.v1.PaymentAdminService/RefundPayment',
        request: RefundPaymentRequest,
        response: Refund,
      },
      recordDeliveryPayment: {
        entry: methodsByName['payment.PaymentAdminService/RecordDeliveryPayment'],
        path: '/souk.payment.v1.PaymentAdminService/RecordDeliveryPayment',
        request: RecordDeliveryPaymentRequest,
        response: Payment,
      },
      listAllPayments: {
        entry: methodsByName['payment.PaymentAdminService/ListAllPayments'],
        path: '/souk.payment.v1.PaymentAdminService/ListAllPayments',
        request: ListAllPaymentsRequest,
        response: ListAllPaymentsAnswer,
      },
      listPaymentCases: {
        entry: methodsByName['payment.PaymentAdminService/ListPaymentCases'],
        path: '/souk.payment.v1.PaymentAdminService/ListPaymentCases',
        request: ListPaymentCasesRequest,
        response: ListPaymentCasesAnswer,
      },
      listLedgerEntries: {
        entry: methodsByName['payment.PaymentAdminService/ListLedgerEntries'],
        path: '/souk.payment.v1.PaymentAdminService/ListLedgerEntries',
        request: ListLedgerEntriesRequest,
        response: ListLedgerEntriesAnswer,
      },
    },
  },
  'sandbox.SandboxService': {
    fullName: 'souk.sandbox.v1.SandboxService',
    methods: {
      showPage: {
        entry: methodsByName['sandbox.SandboxService/ShowPage'],
        path: '/souk.sandbox.v1.SandboxService/ShowPage',
        request: ShowPageRequest,
        response: RawAnswer,
      },
      playBuyer: {
        entry: methodsByName['sandbox.SandboxService/PlayBuyer'],
        path: '/souk.sandbox.v1.SandboxService/PlayBuyer',
        request: PlayBuyerRequest,
        response: PlayBuyerAnswer,
      },
    },
  },
  'sandbox.SandboxChannelService': {
    fullName: 'souk.sandbox.v1.SandboxChannelService',
    methods: {
      createCharge: {
        entry: methodsByName['sandbox.SandboxChannelService/CreateCharge'],
        path: '/souk.sandbox.v1.SandboxChannelService/CreateCharge',
        request: CreateChargeRequest,
        response: Charge,
      },
      getCharge: {
        entry: methodsByName['sandbox.SandboxChannelService/GetCharge'],
        path: '/souk.sandbox.v1.SandboxChannelService/GetCharge',
        request: GetChargeRequest,
        response: Charge,
      },
      voidCharge: {
        entry: methodsByName['sandbox.SandboxChannelService/VoidCharge'],
        path: '/souk.sandbox.v1.SandboxChannelService/VoidCharge',
        request: GetChargeRequest,
        response: Charge,
      },
      createRefund: {
        entry: methodsByName['sandbox.SandboxChannelService/CreateRefund'],
        path: '/souk.sandbox.v1.SandboxChannelService/CreateRefund',
        request: CreateRefundRequest,
        response: ChannelRefund,
      },
      getRefund: {
        entry: methodsByName['sandbox.SandboxChannelService/GetRefund'],
        path: '/souk.sandbox.v1.SandboxChannelService/GetRefund',
        request: GetRefundRequest,
        response: ChannelRefund,
      },
      listBook: {
        entry: methodsByName['sandbox.SandboxChannelService/ListBook'],
        path: '/souk.sandbox.v1.SandboxChannelService/ListBook',
        request: ListBookRequest,
        response: ListBookAnswer,
      },
    },
  },
}
