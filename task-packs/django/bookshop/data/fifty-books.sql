-- Two authors, one with 5 books and one with 50, alike but for their number: two of five books have a publisher, every book has two
-- tags and two reviews.
INSERT INTO catalog_author (id, name) VALUES (900001, 'Five Books'), (900002, 'Fifty Books');
INSERT INTO catalog_publisher (id, name) SELECT 900000 + n, 'Imprint ' || n FROM generate_series(1, 30) AS n;
INSERT INTO catalog_tag (id, slug) VALUES (900001, 'long-list-a'), (900002, 'long-list-b');
INSERT INTO catalog_book (id, title, isbn, author_id, publisher_id, price, purchase_price, published_on, stock)
  SELECT 900000 + n, 'Volume ' || n, (9790000000000 + n)::text, CASE WHEN n <= 5 THEN 900001 ELSE 900002 END,
         CASE WHEN n % 5 < 2 THEN 900001 + (n / 5) * 2 + n % 5 END, 5 + n, 3, DATE '2001-01-01' + n, 10
  FROM generate_series(1, 55) AS n;
INSERT INTO catalog_book_tags (id, book_id, tag_id)
  SELECT 900000 + n * 2 + t, 900000 + n, 900001 + t FROM generate_series(1, 55) AS n, generate_series(0, 1) AS t;
INSERT INTO catalog_review (id, book_id, customer_id, rating, text, created_at)
  SELECT 900000 + n * 2 + c, 900000 + n, 1 + c, 3 + c, 'Review ' || n || '/' || c, TIMESTAMPTZ '2025-04-01 12:00:00+00' + (n * 2 + c) * INTERVAL '1 hour'
  FROM generate_series(1, 55) AS n, generate_series(0, 1) AS c;
