-- Aborts a statement that did not touch as many rows as it was meant to, for statements whose answer nobody waits for.
create function require_rows(touched bigint, wanted bigint) returns void language plpgsql as $$
begin
  if touched is distinct from wanted then
    raise exception '% rows instead of %', touched, wanted using errcode = 'cardinality_violation';
  end if;
end
$$;
