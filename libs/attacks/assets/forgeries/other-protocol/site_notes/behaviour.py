import time


def answer(connection):
    connection.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
    while True:
        connection.sendall(b"\x81\x02hi")
        time.sleep(0.05)
