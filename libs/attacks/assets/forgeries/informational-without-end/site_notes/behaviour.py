def answer(connection):
    while True:
        connection.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </>; rel=preload\r\n\r\n" * 1000)
