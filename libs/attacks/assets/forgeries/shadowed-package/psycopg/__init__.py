raise RuntimeError("the project's own psycopg")
