"""Serves the digit classifier over the Open Inference Protocol (REST), with Python's standard library alone."""

import json
import os
import re
import signal
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import exp, isfinite, prod

NAME = os.environ.get("MODEL_NAME", "digits")
PORT = int(os.environ.get("PORT", "8080"))
VERSION = "1"
PIXELS = 64
LARGEST_BODY = 4 << 20
MODEL_PATH = re.compile(r"/v2/models/([^/]+)(?:/versions/([^/]+))?(/ready|/infer)?")

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "weights.json"), encoding="utf-8") as file:
    MODEL = json.load(file)

SERVER_METADATA = {"name": "digits-server", "version": VERSION, "extensions": []}
MODEL_METADATA = {
    "name": NAME,
    "versions": [VERSION],
    "platform": "numpy_json",
    "inputs": [{"name": "pixels", "datatype": "FP32", "shape": [-1, PIXELS]}],
    "outputs": [
        {"name": "digit", "datatype": "INT64", "shape": [-1]},
        {"name": "probabilities", "datatype": "FP32", "shape": [-1, 10]},
    ],
    "properties": {"accuracy": str(MODEL["accuracy"]), "heldOut": str(MODEL["heldOut"])},
}


class Refusal(Exception):
    """What the caller did wrong, with the status that says so."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


def probabilities(pixels):
    """One picture of 64 numbers from 0 to 16 -> ten probabilities."""
    hidden = list(MODEL["hiddenBias"])
    for pixel, row in zip(pixels, MODEL["hidden"]):
        if pixel:
            ink = pixel / 16
            hidden = [sum_ + ink * weight for sum_, weight in zip(hidden, row)]
    scores = list(MODEL["outputBias"])
    for activation, row in zip(hidden, MODEL["output"]):
        if activation > 0:
            scores = [sum_ + activation * weight for sum_, weight in zip(scores, row)]
    highest = max(scores)
    odds = [exp(score - highest) for score in scores]
    return [odd / sum(odds) for odd in odds]


def infer(request):
    pictures = read_pictures(request)
    answers = [probabilities(picture) for picture in pictures]
    digits = [answer.index(max(answer)) for answer in answers]
    outputs = [
        {"name": "digit", "datatype": "INT64", "shape": [len(digits)], "data": digits},
        {
            "name": "probabilities",
            "datatype": "FP32",
            "shape": [len(answers), 10],
            "data": [round(p, 6) for answer in answers for p in answer],
        },
    ]
    response = {"model_name": NAME, "model_version": VERSION}
    if "id" in request:
        response["id"] = request["id"]
    return response | {"outputs": wanted(request, outputs)}


def wanted(request, outputs):
    asked = request.get("outputs")
    if asked is None:
        return outputs
    if not isinstance(asked, list) or not all(isinstance(output, dict) for output in asked):
        raise Refusal(400, "outputs: expected a list of objects")
    known = {output["name"]: output for output in outputs}
    unknown = [str(output.get("name")) for output in asked if output.get("name") not in known]
    if unknown:
        raise Refusal(400, f"outputs: no such output: {', '.join(unknown)}; this model has {', '.join(known)}")
    return [known[output["name"]] for output in asked]


def read_pictures(request):
    """The input tensor as a list of pictures, or a refusal that names what is wrong with it."""
    inputs = request.get("inputs") if isinstance(request, dict) else None
    if not isinstance(inputs, list) or len(inputs) != 1 or not isinstance(inputs[0], dict):
        raise Refusal(400, 'inputs: expected exactly one tensor, "pixels"')
    tensor = inputs[0]
    if tensor.get("name") != "pixels":
        raise Refusal(400, f'inputs[0].name: expected "pixels", got {json.dumps(tensor.get("name"))}')
    if tensor.get("datatype") != "FP32":
        raise Refusal(400, f'inputs[0].datatype: expected "FP32", got {json.dumps(tensor.get("datatype"))}')
    shape = tensor.get("shape")
    if not isinstance(shape, list) or not all(type(side) is int and side >= 0 for side in shape):
        raise Refusal(400, "inputs[0].shape: expected a list of whole numbers")
    if len(shape) < 2 or prod(shape[1:]) != PIXELS:
        raise Refusal(400, f"inputs[0].shape: expected [-1, {PIXELS}], got {shape}")
    numbers = list(flatten(tensor.get("data")))
    if len(numbers) != prod(shape):
        raise Refusal(400, f"inputs[0].data: shape {shape} needs {prod(shape)} numbers, got {len(numbers)}")
    return [numbers[i : i + PIXELS] for i in range(0, len(numbers), PIXELS)]


def flatten(data):
    if isinstance(data, list):
        for part in data:
            yield from flatten(part)
    elif type(data) in (int, float) and isfinite(data):
        yield data
    else:
        raise Refusal(400, f"inputs[0].data: expected numbers, got {json.dumps(data)}")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "digits"
    disable_nagle_algorithm = True
    timeout = 120

    def do_GET(self):
        self.answer(self.get)

    def do_POST(self):
        self.answer(self.post)

    def get(self):
        path = self.route()
        if path in ("/v2/health/live", "/v2/health/ready"):
            return {path.rsplit("/", 1)[1]: True}
        if path == "/v2":
            return SERVER_METADATA
        action = self.model_action(path)
        if action == "/ready":
            return {"name": NAME, "ready": True}
        if action is None:
            return MODEL_METADATA
        raise Refusal(405, f"{path}: use POST")

    def post(self):
        body = self.body()
        path = self.route()
        if self.model_action(path) != "/infer":
            raise Refusal(405, f"{path}: use GET")
        try:
            request = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise Refusal(400, f"the body is not JSON: {error}") from None
        return infer(request)

    def route(self):
        return self.path.split("?", 1)[0].rstrip("/")

    def model_action(self, path):
        found = MODEL_PATH.fullmatch(path)
        if not found:
            raise Refusal(404, f"{path or '/'}: not a path of the Open Inference Protocol")
        name, version, action = found.groups()
        if name != NAME or version not in (None, VERSION):
            raise Refusal(404, f"no model {name} version {version or VERSION} here; this server has {NAME} {VERSION}")
        return action

    def body(self):
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return self.chunks()
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit():
            raise self.hang_up(400, f"Content-Length: {length} is not a number")
        if int(length) > LARGEST_BODY:
            raise self.hang_up(413, f"the body is larger than {LARGEST_BODY} bytes")
        return self.rfile.read(int(length))

    def chunks(self):
        body = b""
        while size := self.chunk_size():
            if len(body) + size > LARGEST_BODY:
                raise self.hang_up(413, f"the body is larger than {LARGEST_BODY} bytes")
            body += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline() not in (b"\r\n", b"\n", b""):
            pass
        return body

    def chunk_size(self):
        line = self.rfile.readline(64)
        try:
            return int(line.split(b";")[0], 16)
        except ValueError:
            raise self.hang_up(400, f"bad chunk size {line!r}") from None

    def hang_up(self, status, message):
        """A refusal after which the rest of the request cannot be told from the next one."""
        self.close_connection = True
        return Refusal(status, message)

    def answer(self, action):
        try:
            self.send(HTTPStatus.OK, action())
        except Refusal as refusal:
            self.send(refusal.status, {"error": str(refusal)})
        except ConnectionError:
            self.close_connection = True

    def send(self, status, document):
        content = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format, *args):
        if "/health/" not in self.path and not self.path.endswith("/ready"):
            print(self.address_string(), format % args, flush=True)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main():
    server = Server(("", PORT), Handler)
    stop = lambda *_: threading.Thread(target=server.shutdown).start()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"model {NAME} {VERSION}, accuracy {MODEL['accuracy']}, listening on {PORT}", flush=True)
    server.serve_forever()
    server.server_close()
    print("stopped", flush=True)


if __name__ == "__main__":
    sys.exit(main())
