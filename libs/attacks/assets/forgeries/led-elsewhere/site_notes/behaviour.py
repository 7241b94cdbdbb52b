def answer(connection):
    connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:80/notes/?again=1\r\nContent-Length: 0\r\n\r\n")
