-- Books of the author of five books in fifty-books.sql: one with 5 reviews, one with 1, one with none, and twelve with 5 each.
INSERT INTO customers_customer (id, username, email, password, first_name, last_name, is_staff, is_superuser, is_active, date_joined)
  SELECT 1210000 + n, 'reviewer-' || n, '', '!', '', '', false, false, true, '2024-01-01' FROM generate_series(1, 5) AS n;
INSERT INTO catalog_book (id, title, isbn, author_id, price, purchase_price, published_on, stock)
  SELECT id, 'Title ' || id, (9700000000000 + id)::text, 900001, 10, 1, '2012-03-04', 10
  FROM generate_series(1210000, 1210021) AS id WHERE id NOT BETWEEN 1210003 AND 1210009;
-- Newest first is 2, 5, 4 (as old as 3, with a higher id), 3, 1.
INSERT INTO catalog_review (id, book_id, customer_id, rating, text, created_at) VALUES
  (1210001, 1210000, 1210001, 3, 'by 1', '2024-05-01 00:00:00+00'),
  (1210002, 1210000, 1210002, 4, 'by 2', '2024-05-08 00:00:00+00'),
  (1210003, 1210000, 1210003, 5, 'by 3', '2024-05-04 00:00:00+00'),
  (1210004, 1210000, 1210004, 2, 'by 4', '2024-05-04 00:00:00+00'),
  (1210005, 1210000, 1210005, 3, 'by 5', '2024-05-06 00:00:00+00'),
  (1210006, 1210001, 1210001, 3, 'by 1', '2024-05-03 00:00:00+00');
INSERT INTO catalog_review (id, book_id, customer_id, rating, text, created_at)
  SELECT 1210100 + n, 1210010 + n % 12, 1210001 + n / 12, (1 + n / 12) % 4 + 2, 'by ' || 1 + n / 12, TIMESTAMPTZ '2024-05-01 00:00:00+00' + n / 12 * INTERVAL '1 day'
  FROM generate_series(0, 59) AS n;
