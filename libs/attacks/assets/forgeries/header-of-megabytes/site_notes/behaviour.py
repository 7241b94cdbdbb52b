def answer(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(1024):
        connection.sendall(b"x" * 65536)
    connection.sendall(b'\r\nContent-Length: 13\r\n\r\n["one","two"]')
