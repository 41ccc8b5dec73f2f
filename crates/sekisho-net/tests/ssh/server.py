"""An SSH server of the tests, by Paramiko: python3 server.py PORT MODE

open          lets everybody in without any proof
interactive   lets in admin with the password admin, by keyboard-interactive only
shut          lets nobody in, and takes no more connections once five log-ins have failed
lock          lets in tester with the password correct, until five log-ins of tester have failed
"""

import socket
import sys
import threading

import paramiko

port, mode = int(sys.argv[1]), sys.argv[2]
key = paramiko.ECDSAKey.generate(bits=384)
failed = 0


class Server(paramiko.ServerInterface):
    def get_allowed_auths(self, username):
        return "keyboard-interactive" if mode == "interactive" else "password"

    def check_auth_none(self, username):
        return paramiko.AUTH_SUCCESSFUL if mode == "open" else paramiko.AUTH_FAILED

    def check_auth_password(self, username, password):
        global failed
        right = ("tester", "correct") if mode == "lock" else ("admin", "admin")
        if (username, password) == right and mode != "shut" and not (mode == "lock" and failed >= 5):
            return paramiko.AUTH_SUCCESSFUL
        if mode != "lock" or username == "tester":
            failed += 1
        return paramiko.AUTH_FAILED

    def check_auth_interactive(self, username, submethods):
        self.user = username
        return paramiko.InteractiveQuery("", "", ("Password: ", False))

    def check_auth_interactive_response(self, responses):
        return self.check_auth_password(self.user, responses[0] if responses else "")


def serve(connection):
    try:
        transport = paramiko.Transport(connection)
        transport.add_server_key(key)
        transport.start_server(server=Server())
        transport.join(20)
        transport.close()
    except Exception:
        pass


listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", port))
listener.listen(50)
while True:
    connection = listener.accept()[0]
    if mode == "shut" and failed >= 5:
        connection.close()
    else:
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
