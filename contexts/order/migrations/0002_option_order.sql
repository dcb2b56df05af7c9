-- Pairs keep the order of the options, which names in jsonb do not.
update orders set lines = (
  select jsonb_agg(line || jsonb_build_object('hue', 0, 'options',
    (select coalesce(jsonb_agg(jsonb_build_array(key, value)), '[]') from jsonb_each(line -> 'options'))) order by place)
  from jsonb_array_elements(lines) with ordinality l(line, place));
