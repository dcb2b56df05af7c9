// Generated from proto/ by tools/gen. Do not edit.

import type {
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
import type { Hold, HoldState_Value, MovementKind_Value, StockBand_Value, Warehouse } from './gen/souk/inventory/v1/types.ts'

export {
  AvailabilityChanged,
  CommitFailed,
  HoldOverdue,
  StockCommitted,
  StockReleased,
  StockReserved,
} from './gen/souk/inventory/v1/events.ts'
export {
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
  ReceiveStockLine,
  ReceiveStockRequest,
  ReserveStockRequest,
  SetSafetyStockRequest,
  SkuAvailability,
} from './gen/souk/inventory/v1/service.ts'
export {
  Hold,
  HoldLine,
  HoldState_Value,
  Movement,
  MovementKind_Value,
  StockBand_Value,
  StockLine,
  Warehouse,
  WarehouseStock,
} from './gen/souk/inventory/v1/types.ts'

export type StockBand = Exclude<StockBand_Value, 'UNSPECIFIED'>

export type HoldState = Exclude<HoldState_Value, 'UNSPECIFIED'>

export type MovementKind = Exclude<MovementKind_Value, 'UNSPECIFIED'>

export interface InventoryService<C> {
  /** GET /v1/inventory/{sku_id} */
  getAvailability(request: GetAvailabilityRequest, call: C): Promise<GetAvailabilityAnswer>
  /**
   * POST /v1/inventory/reserve
   * Try: all lines or none; idempotent by order and attempt.
   */
  reserveStock(request: ReserveStockRequest, call: C): Promise<Hold>
  /**
   * POST /v1/inventory/release
   * Cancel: a held or committed hold becomes free; repeating is harmless.
   */
  releaseStock(request: HoldVerbRequest, call: C): Promise<Hold>
  /**
   * POST /v1/inventory/commit
   * Confirm.
   */
  commitStock(request: HoldVerbRequest, call: C): Promise<Hold>
}

export interface InventoryAdminService<C> {
  /** GET /v1/admin/inventory/{sku_id} */
  getStock(request: GetStockRequest, call: C): Promise<GetStockAnswer>
  /** GET /v1/admin/inventory/{sku_id}/movements */
  listMovements(request: ListMovementsRequest, call: C): Promise<ListMovementsAnswer>
  /** POST /v1/admin/inventory/adjustments */
  adjustStock(request: AdjustStockRequest, call: C): Promise<GetStockAnswer>
  /**
   * PUT /v1/admin/inventory/{sku_id}/safety-stock
   * How much of a SKU a warehouse keeps back from buyers.
   */
  setSafetyStock(request: SetSafetyStockRequest, call: C): Promise<GetStockAnswer>
  /** GET /v1/admin/warehouses */
  listWarehouses(request: ListWarehousesRequest, call: C): Promise<ListWarehousesAnswer>
  /** POST /v1/admin/warehouses */
  createWarehouse(request: CreateWarehouseRequest, call: C): Promise<Warehouse>
}

/** For other contexts only. */
export interface StockService<C> {
  /** First stock of new SKUs into the default warehouse; idempotent per SKU and reference. */
  receiveStock(request: ReceiveStockRequest, call: C): Promise<ReceiveStockAnswer>
  listAvailability(request: ListAvailabilityRequest, call: C): Promise<ListAvailabilityAnswer>
}
