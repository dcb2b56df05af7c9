-- json keeps the order of its names: options are shown as the product declares them.
alter table sku alter column options type json, alter column labels type json;
