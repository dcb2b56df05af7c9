create index payment_case_order on payment_case (order_id, id);
