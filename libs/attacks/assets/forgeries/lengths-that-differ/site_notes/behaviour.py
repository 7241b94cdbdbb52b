def answer(connection):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nContent-Length: 14\r\nTransfer-Encoding: chunked\r\n\r\n"
    connection.sendall(head + b'["one", "two"]')
