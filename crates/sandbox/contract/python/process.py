"""A sandbox as a process of its own, and an endpoint that receives its webhooks."""

import os
import queue
import re
import sqlite3
import subprocess
import threading
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

BINARY = os.environ.get("SANDBOX_BIN", "target/debug/sandbox")
KEY = "sk_test_sandbox"
PATIENCE = 20


class Sandbox:
    """A running `sandbox`. Its state file outlives it, so that it can be killed and started again."""

    def __init__(self, folder, *options):
        self.state = folder / "state.db"
        self.command = [BINARY, "--addr", "127.0.0.1:0", "--state", str(self.state), *options]
        self.log = []
        self.start()

    def start(self):
        environment = {**os.environ, "RUST_LOG": "warn", "NO_COLOR": "1"}
        self.process = subprocess.Popen(
            self.command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
        address = queue.Queue()
        threading.Thread(target=self._read, args=(self.process, address), daemon=True).start()
        self.url = address.get(timeout=PATIENCE)
        assert self.url, "the sandbox did not start: " + "".join(self.log)

    def _read(self, process, address):
        for line in process.stdout:
            self.log.append(line)
            found = re.search(r"Stripe sandbox on (http://\S+)", line)
            if found:
                address.put(found[1])
        address.put(None)

    @contextmanager
    def busy(self):
        """While this lasts, whatever wants to write waits, as for a request that takes long."""
        with closing(sqlite3.connect(self.state, isolation_level=None, timeout=PATIENCE)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield

    def kill(self):
        self.process.kill()
        self.process.wait(PATIENCE)

    def control(self, path, **form):
        answer = requests.post(f"{self.url}/sandbox/{path}", data=form, timeout=PATIENCE)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def pay(self, session, card="4242424242424242", **fields):
        """Fills in the session's page and clicks Pay; gives the answer without following it."""
        form = {"email": "ada@example.com", "cardNumber": card, "cardExpiry": "12 / 34", "cardCvc": "123",
                "billingName": "Ada L", **fields}
        return requests.post(f"{self.url}/c/pay/{session.id}", data=form, allow_redirects=False, timeout=PATIENCE)

    def authenticate(self, session, outcome="complete"):
        """Clicks one of the two buttons of the bank's page."""
        return requests.post(f"{self.url}/c/pay/{session.id}/authenticate", data={"outcome": outcome},
                             allow_redirects=False, timeout=PATIENCE)

    def raw(self, method, path, body=b"", **headers):
        """A request that no SDK would send."""
        return requests.request(method, self.url + path, data=body, timeout=PATIENCE, headers={
            "Authorization": f"Bearer {KEY}", "Content-Type": "application/x-www-form-urlencoded", **headers})


class Receiver:
    """A webhook endpoint that keeps what it gets, headers and body to the byte."""

    def __init__(self):
        self.arrived = threading.Condition()
        self.received = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with receiver.arrived:
                    receiver.received.append((self.path, self.headers, body))
                    receiver.arrived.notify_all()
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait_for(self, fits):
        """The first request whose path, headers and body fit, however late it comes."""
        with self.arrived:
            found = self.arrived.wait_for(
                lambda: next((one for one in self.received if fits(*one)), None), PATIENCE)
        assert found, f"nothing fitting arrived among {len(self.received)}"
        return found

    def event(self, kind, id):
        """Headers and body of the delivery that tells of one kind of event about one object."""
        def fits(_path, _headers, body):
            return f'"type": "{kind}"'.encode() in body and id.encode() in body
        return self.wait_for(fits)[1:]
