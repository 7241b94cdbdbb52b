def answer(connection):
    connection.sendall(b"\x00\xff\x16\x03\x01 nonsense \r\n\r\n" * 10)
