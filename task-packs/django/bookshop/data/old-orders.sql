-- 10 customers with 100 orders each, enough for the planner to tell a good index from a bad one.
INSERT INTO customers_customer (id, username, email, password, first_name, last_name, is_staff, is_superuser, is_active, date_joined)
  SELECT 1170000 + n, 'plan-' || n, '', '!', '', '', false, false, true, '2024-01-01' FROM generate_series(0, 9) AS n;
INSERT INTO orders_order (id, customer_id, status, created_at, total)
  SELECT 1170000 + n, 1170000 + n / 100, 'paid', TIMESTAMPTZ '2020-01-01 00:00:00+00' + (n * 7919 % 1000) * INTERVAL '1 hour', 1
  FROM generate_series(0, 999) AS n;
ANALYZE orders_order;
