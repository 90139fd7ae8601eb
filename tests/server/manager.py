"""Stands in for a service manager: opens the sockets, starts chathamd with them and hears its news.
manager.py CHATHAMD STATE: exits 0 if all went as it should, else says what did not."""
import atexit
import os
import signal
import socket
import ssl
import sys
import tempfile

chathamd, state = sys.argv[1:3]
PATIENCE = 60
started = set()


def listener():
    made = socket.socket()
    made.bind(("127.0.0.1", 0))
    made.listen(64)
    return made


def start(members, metrics, news, options=()):
    """fork and exec with the members' socket as descriptor 3 and the metrics socket as 4, as a manager does."""
    pid = os.fork()
    if pid:
        started.add(pid)
        return pid
    high = [os.dup(members.fileno()), os.dup(metrics.fileno())]
    high = [os.dup2(fd, 50 + i) for i, fd in enumerate(high)]
    for i, fd in enumerate(high):
        os.dup2(fd, 3 + i, inheritable=True)
    environment = dict(os.environ, LISTEN_PID=str(os.getpid()), LISTEN_FDS="2", LISTEN_FDNAMES="chathamd:metrics",
                       NOTIFY_SOCKET=news)
    os.execve(chathamd, ["chathamd", "serve", "--state", state, *options], environment)


def ask(address, path, tls):
    """One request; waits in the backlog as long as it takes."""
    link = socket.create_connection(address, PATIENCE)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        link = context.wrap_socket(link)
    link.sendall(f"GET {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".encode())
    answer = b""
    while part := link.recv(65536):
        answer += part
    link.close()
    return answer


def must(claim, what):
    if not claim:
        sys.exit(f"FAIL: {what}")


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(word) for word in file.read().split()]


def role(pid):
    with open(f"/proc/{pid}/cmdline", "rb") as file:
        return file.read().split(b"\0")[2].decode()


def leave(pid, code, what):
    ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    started.remove(pid)
    must(ended == code, what)


def end_all():
    """A server that is killed takes its processes with it."""
    for pid in started:
        os.kill(pid, signal.SIGKILL)


def too_late(number, frame):
    sys.exit("FAIL: it takes too long")


atexit.register(end_all)
signal.signal(signal.SIGALRM, too_late)
signal.alarm(2 * PATIENCE)
with tempfile.TemporaryDirectory() as folder:
    news = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    news.bind(os.path.join(folder, "news"))
    news.settimeout(PATIENCE)
    name = news.getsockname()
    members, metrics = listener(), listener()

    server = start(members, metrics, name)
    must(news.recv(64) == b"READY=1", "the manager is not told that the server is ready")
    must(ask(members.getsockname(), "/livez", True).startswith(b"HTTP/1.1 200 "), "no answer on the handed over socket")
    must(b"chatham_" in ask(metrics.getsockname(), "/metrics", False), "no metrics on the handed over socket")
    for child in children(server):
        with open(f"/proc/{child}/environ", "rb") as file:
            left = file.read()
        must(b"LISTEN_" not in left and b"NOTIFY_" not in left, "a child inherits the manager's variables")
    gate = next(child for child in children(server) if role(child) == "gate")
    os.kill(gate, signal.SIGKILL)
    must(ask(members.getsockname(), "/readyz", True).startswith(b"HTTP/1.1 200 "), "after the death of the gate")
    os.kill(server, signal.SIGTERM)
    must(news.recv(64) == b"STOPPING=1", "the manager is not told that the server stops")
    leave(server, 0, "the server does not stop well")

    leave(start(members, metrics, name, ["--listen", "127.0.0.1:0"]), 2, "--listen beside a handed over socket")
    leave(start(members, metrics, name, ["--metrics", "127.0.0.1:0"]), 2, "--metrics beside a handed over socket")
    leave(start(metrics, news, name), 2, "a socket of another kind is taken")
    leave(start(members, metrics, os.path.join(folder, "nobody")), 5, "news that reach nobody count as told")
