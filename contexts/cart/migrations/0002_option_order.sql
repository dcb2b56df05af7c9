-- Pairs keep the order of the options, which names in jsonb do not.
update cart_line set product = product || jsonb_build_object('hue', 0, 'options',
  (select coalesce(jsonb_agg(jsonb_build_array(key, value)), '[]') from jsonb_each(product -> 'options')));
