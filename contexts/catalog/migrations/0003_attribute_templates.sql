-- What products of a category say about themselves: [{name, required, values}].
alter table category add column attributes jsonb not null default '[]';
