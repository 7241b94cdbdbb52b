-- The shop's rows for development, and those that grading starts from. Ids, times and tokens are fixed.
-- Passwords: alice-reads, bob-reads, carol-reads, sam-sells.

INSERT INTO customers_customer (id, username, email, password, first_name, last_name, is_staff, is_superuser, is_active, date_joined) VALUES
  (1, 'alice', 'alice@example.com', 'pbkdf2_sha256$1000000$bookshopaliceseedsalt0$XF92fklRS6eEfCKd7t70Umfo44TzUydFEOMDieE14nQ=', '', '', false, false, true, '2025-01-10 09:00:00+00'),
  (2, 'bob', 'bob@example.com', 'pbkdf2_sha256$1000000$bookshopbobseedsalt000$MvTVGu9pndV88h8N3Z6QRoRaIF9j8MdfNZl/8va9414=', '', '', false, false, true, '2025-01-10 09:00:00+00'),
  (3, 'carol', 'carol@example.com', 'pbkdf2_sha256$1000000$bookshopcarolseedsalt0$FoUjq2tITFD1OnTnMggLqt8CNMDNl/YPTDz7QniVjMU=', '', '', false, false, true, '2025-01-10 09:00:00+00'),
  (4, 'sam', 'sam@bookshop.example', 'pbkdf2_sha256$1000000$bookshopsamseedsalt000$zbNJHJzDLZIFq8q9edvdolXcYRHa3nC06TVxF7GSC6Q=', '', '', true, false, true, '2025-01-10 09:00:00+00');

INSERT INTO authtoken_token (key, user_id, created) VALUES
  ('a11cea11cea11cea11cea11cea11cea11cea11ce', 1, '2025-01-10 09:00:00+00'),
  ('b0bb0bb0bb0bb0bb0bb0bb0bb0bb0bb0bb0bb0bb', 2, '2025-01-10 09:00:00+00'),
  ('ca401ca401ca401ca401ca401ca401ca401ca401', 3, '2025-01-10 09:00:00+00'),
  ('5a35a35a35a35a35a35a35a35a35a35a35a35a35', 4, '2025-01-10 09:00:00+00');

INSERT INTO catalog_author (id, name) VALUES
  (1, 'Octavia Butler'),
  (2, 'Italo Calvino'),
  (3, 'Astrid Lindgren'),
  (4, 'Stanisław Lem'),
  (5, 'Tove Jansson');

INSERT INTO catalog_publisher (id, name) VALUES
  (1, 'Harbour Press'),
  (2, 'Lantern Books');

INSERT INTO catalog_tag (id, slug) VALUES
  (1, 'children'),
  (2, 'classic'),
  (3, 'science-fiction'),
  (4, 'short-stories');

INSERT INTO catalog_book (id, title, isbn, author_id, publisher_id, price, purchase_price, published_on, stock) VALUES
  (1, 'Kindred', '9780000000001', 1, 1, '12.50', '7.00', '1979-06-01', 8),
  (2, 'Bloodchild', '9780000000002', 1, 1, '9.90', '5.20', '1995-10-01', 4),
  (3, 'Invisible Cities', '9780000000003', 2, 2, '11.00', '6.10', '1972-11-01', 6),
  (4, 'Cosmicomics', '9780000000004', 2, NULL, '11.00', '6.00', '1965-05-01', 0),
  (5, 'If on a winter''s night a traveler', '9780000000005', 2, 2, '13.40', '7.70', '1979-01-01', 5),
  (6, 'Pippi Longstocking', '9780000000006', 3, 2, '8.50', '4.00', '1945-11-26', 12),
  (7, 'Ronia, the Robber''s Daughter', '9780000000007', 3, NULL, '10.20', '5.50', '1981-10-01', 7),
  (8, 'Solaris', '9780000000008', 4, 1, '10.90', '6.30', '1961-06-01', 9),
  (9, 'The Cyberiad', '9780000000009', 4, 1, '12.00', '6.90', '1965-01-01', 3),
  (10, 'Fiasco', '9780000000010', 4, NULL, '14.00', '8.00', '1986-01-01', 2),
  (11, 'The Summer Book', '9780000000011', 5, 2, '9.90', '5.00', '1972-01-01', 5),
  (12, 'Finn Family Moomintroll', '9780000000012', 5, 2, '8.50', '4.10', '1948-01-01', 10);

INSERT INTO catalog_book_tags (id, book_id, tag_id) VALUES
  (1, 1, 2),
  (2, 1, 3),
  (3, 2, 3),
  (4, 2, 4),
  (5, 3, 2),
  (6, 4, 4),
  (7, 4, 3),
  (8, 5, 2),
  (9, 6, 1),
  (10, 6, 2),
  (11, 7, 1),
  (12, 8, 2),
  (13, 8, 3),
  (14, 9, 3),
  (15, 9, 4),
  (16, 10, 3),
  (17, 12, 1),
  (18, 12, 2);

INSERT INTO catalog_review (id, book_id, customer_id, rating, text, created_at) VALUES
  (1, 1, 1, 5, 'Could not put it down.', '2025-02-01 10:00:00+00'),
  (2, 1, 2, 4, 'Hard, and worth it.', '2025-02-03 12:00:00+00'),
  (3, 3, 1, 4, '', '2025-02-05 08:30:00+00'),
  (4, 6, 3, 5, 'My daughter reads nothing else.', '2025-02-07 18:00:00+00'),
  (5, 8, 2, 3, 'Slow in the middle.', '2025-02-09 20:15:00+00'),
  (6, 8, 3, 5, '', '2025-02-11 07:45:00+00');

INSERT INTO orders_order (id, customer_id, status, created_at, total) VALUES
  (1, 1, 'shipped', '2025-03-01 10:00:00+00', '34.90'),
  (2, 1, 'placed', '2025-03-05 15:00:00+00', '11.00'),
  (3, 2, 'paid', '2025-03-08 09:30:00+00', '21.80'),
  (4, 2, 'cancelled', '2025-03-09 11:00:00+00', '42.00'),
  (5, 3, 'shipped', '2025-03-12 22:10:00+00', '17.00');

INSERT INTO orders_orderline (id, order_id, book_id, quantity, unit_price) VALUES
  (1, 1, 1, 2, '12.50'),
  (2, 1, 2, 1, '9.90'),
  (3, 2, 3, 1, '11.00'),
  (4, 3, 8, 2, '10.90'),
  (5, 4, 10, 3, '14.00'),
  (6, 5, 6, 2, '8.50');

-- Rows written by the API come after these.
SELECT setval(pg_get_serial_sequence('customers_customer', 'id'), 1000);
SELECT setval(pg_get_serial_sequence('catalog_author', 'id'), 1000);
SELECT setval(pg_get_serial_sequence('catalog_publisher', 'id'), 1000);
SELECT setval(pg_get_serial_sequence('catalog_tag', 'id'), 1000);
SELECT setval(pg_get_serial_sequence('catalog_book', 'id'), 1000);
SELECT setval(pg_get_serial_sequence('catalog_book_tags', 'id'), 1000);
SELECT setval(pg_get_serial_sequence('catalog_review', 'id'), 1000);
SELECT setval(pg_get_serial_sequence('orders_order', 'id'), 1000);
SELECT setval(pg_get_serial_sequence('orders_orderline', 'id'), 1000);
