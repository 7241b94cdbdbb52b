def answer(connection):
    connection.sendall(b'["one", "two"]')
