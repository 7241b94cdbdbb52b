def answer(connection):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    connection.sendall(head + b'fffffffffffffffff\r\n["one", "two"]\r\n-1\r\n')
