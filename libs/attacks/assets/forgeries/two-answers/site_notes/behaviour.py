def answer(connection):
    none = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n"
    good = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n["one", "two"]'
    connection.sendall(none + good * 5)
    connection.recv(65536)
    connection.sendall(good)
