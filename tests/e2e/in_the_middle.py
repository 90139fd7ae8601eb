# Someone in the middle of a first contact: to the first connection it is a server of its own making, whose federation
# document is the real one but for "lax" values in its policy; what comes after goes through untouched.
import socket, ssl, sys, threading

listen_file, real_port, certificate, key = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]


def real_document():
    context = ssl._create_unverified_context()
    with context.wrap_socket(socket.create_connection(("127.0.0.1", real_port))) as to:
        to.sendall(b"GET /v1/federation HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        got = b""
        while piece := to.recv(65536):
            got += piece
    return got.split(b"\r\n\r\n", 1)[1]


def lie(connection):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with context.wrap_socket(connection, server_side=True) as to:
        to.recv(65536)
        body = real_document().replace(b'"redaction":"default"', b'"redaction":"off"')
        to.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def copy(source, to):
    try:
        while piece := source.recv(65536):
            to.sendall(piece)
        to.shutdown(socket.SHUT_WR)
    except OSError:
        pass


listener = socket.create_server(("127.0.0.1", 0))
with open(listen_file, "w") as file:
    file.write("%d\n" % listener.getsockname()[1])
lie(listener.accept()[0])
while True:
    near = listener.accept()[0]
    far = socket.create_connection(("127.0.0.1", real_port))
    threading.Thread(target=copy, args=(near, far), daemon=True).start()
    threading.Thread(target=copy, args=(far, near), daemon=True).start()
