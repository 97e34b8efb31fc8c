"""The web application: a page to draw on, and one call that asks the model through the endpoint.

Everything it knows about the model comes from the variables that Berth injects:
MODEL_PREDICT_URL (where to ask), MODEL_MODEL (its name), MODEL_PROTOCOL (how).
"""

import json
import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = int(os.environ.get("PORT", "8000"))
PREDICT_URL = os.environ.get("MODEL_PREDICT_URL", "")
MODEL = os.environ.get("MODEL_MODEL", "")
PROTOCOL = os.environ.get("MODEL_PROTOCOL", "")
TIMEOUT_SECONDS = 35
LARGEST_BODY = 64 << 10
PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "page")
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def load_page():
    """Read once: a request can only ever name a file that is already here."""
    files = {}
    for name in os.listdir(PAGE):
        with open(os.path.join(PAGE, name), "rb") as file:
            files["/" + name] = (TYPES[os.path.splitext(name)[1]], file.read())
    files["/"] = files["/index.html"]
    return files


FILES = load_page()


class Trouble(Exception):
    """An answer that is not a prediction: status, what to tell the person, and the endpoint's reason if it gave one."""

    def __init__(self, status, message, reason=None):
        super().__init__(message)
        self.status = status
        self.reason = reason


def predict(pixels):
    if not PREDICT_URL:
        raise Trouble(503, "MODEL_PREDICT_URL is not set: this app runs behind a ModelApp endpoint")
    tensor = {"name": "pixels", "datatype": "FP32", "shape": [1, 64], "data": pixels}
    request = urllib.request.Request(
        PREDICT_URL, json.dumps({"inputs": [tensor]}).encode(), {"Content-Type": "application/json"}
    )
    started = time.monotonic()
    try:
        with ASK.open(request, timeout=TIMEOUT_SECONDS) as response:
            answer, headers = json.load(response), response.headers
    except urllib.error.HTTPError as error:
        raise Trouble(error.code, explanation(error), error.headers.get("berth-reason")) from None
    except (OSError, ValueError) as error:
        raise Trouble(502, f"no usable answer from {PREDICT_URL}: {getattr(error, 'reason', error)}") from None
    outputs = {output["name"]: output["data"] for output in answer["outputs"]}
    return {
        "digit": outputs["digit"][0],
        "probabilities": outputs["probabilities"],
        "milliseconds": round((time.monotonic() - started) * 1000, 1),
        "model": answer["model_name"],
        "revision": headers.get("berth-revision"),
    }


# The endpoint is asked directly, whatever proxy the environment names.
ASK = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def explanation(error):
    """The endpoint and the model both answer {"error": "..."}; anything else is shown as it is."""
    body = error.read(4096)
    try:
        return str(json.loads(body)["error"])
    except (ValueError, KeyError, TypeError):
        return body.decode(errors="replace").strip() or error.reason


def read_pixels(body):
    try:
        pixels = json.loads(body)["pixels"]
    except (ValueError, KeyError, TypeError, RecursionError):
        pixels = None
    fits = isinstance(pixels, list) and len(pixels) == 64
    if not fits or not all(type(pixel) in (int, float) and 0 <= pixel <= 16 for pixel in pixels):
        raise Trouble(400, 'expected {"pixels": [64 numbers from 0 to 16]}')
    return pixels


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "digits-app"
    disable_nagle_algorithm = True
    timeout = 120

    def do_GET(self):
        path = self.path.split("?", 1)[0]
        if path == "/healthz":
            self.send_json(200, {"ok": True})
        elif path == "/about":
            self.send_json(200, {"endpoint": PREDICT_URL, "model": MODEL, "protocol": PROTOCOL})
        elif path in FILES:
            self.send(200, *FILES[path])
        else:
            self.send_json(404, {"error": f"no page {path}"})

    do_HEAD = do_GET

    def do_POST(self):
        try:
            body = self.body()
            if self.path != "/predict":
                raise Trouble(404, f"no such call: {self.path}")
            self.send_json(200, predict(read_pixels(body)))
        except Trouble as trouble:
            self.send_json(trouble.status, {"error": str(trouble), "reason": trouble.reason})
        except ConnectionError:
            self.close_connection = True

    def body(self):
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            self.close_connection = True
            raise Trouble(411, f"send a Content-Length of at most {LARGEST_BODY}")
        return self.rfile.read(int(length))

    def send_json(self, status, document):
        self.send(status, "application/json", json.dumps(document).encode())

    def send(self, status, kind, content):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-cache")
        for name, value in SECURITY.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format, *args):
        if self.path != "/healthz":
            print(self.address_string(), format % args, flush=True)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main():
    server = Server(("", PORT), Handler)
    stop = lambda *_: threading.Thread(target=server.shutdown).start()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"app listening on {PORT}, asks {PREDICT_URL or 'nobody (MODEL_PREDICT_URL is not set)'}", flush=True)
    server.serve_forever()
    server.server_close()
    print("stopped", flush=True)


if __name__ == "__main__":
    sys.exit(main())
