// The channels of an exec over a WebSocket (v5.channel.k8s.io): one byte names the channel, the rest
// is its data. 0 stdin, 1 stdout, 2 stderr, 3 the final Status, 4 the size of the terminal. Pure but
// for `openExec`.
import { wordAsProtocol } from "./api.js";
import { pathOf } from "./kube.js";

const PROTOCOLS = ["v5.channel.k8s.io", "v4.channel.k8s.io"];
const STDIN = 0;
const STATUS = 3;
const SIZE = 4;

const encoder = new TextEncoder();

export function message(channel, bytes) {
  const framed = new Uint8Array(bytes.length + 1);
  framed[0] = channel;
  framed.set(bytes, 1);
  return framed;
}

export const typed = (text) => message(STDIN, encoder.encode(text));
const sized = (columns, rows) => message(SIZE, encoder.encode(JSON.stringify({ Width: columns, Height: rows })));

/** What the final Status says, for people. */
export function ending(text) {
  try {
    const status = JSON.parse(text);
    if (status.status === "Success") return "The shell has ended.";
    const code = status.details?.causes?.find((cause) => cause.reason === "ExitCode")?.message;
    return code ? `The shell has ended with exit code ${code}.` : status.message || "The shell has ended.";
  } catch {
    return "The connection was closed.";
  }
}

/**
 * @param {{namespace: string, pod: string, container: string, command: string[]}} where
 * @param {{output: (bytes: Uint8Array) => void, ended: (why: string) => void, open: () => void}} to
 */
export function openExec({ namespace, pod, container, command }, { output, ended, open }) {
  const query = new URLSearchParams({ container, stdin: "true", stdout: "true", tty: "true" });
  command.forEach((part) => query.append("command", part));
  const url = new URL(`${pathOf("pods", namespace, pod, "exec")}?${query}`, location.href);
  url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
  const socket = new WebSocket(url, [...PROTOCOLS, ...wordAsProtocol()]);
  socket.binaryType = "arraybuffer";
  let last = "";
  socket.onopen = open;
  socket.onmessage = ({ data }) => {
    const bytes = new Uint8Array(data);
    if (bytes[0] === STATUS) last = new TextDecoder().decode(bytes.subarray(1));
    else if (bytes.length > 1) output(bytes.subarray(1));
  };
  socket.onclose = () => ended(ending(last));
  const send = (bytes) => socket.readyState === WebSocket.OPEN && socket.send(bytes);
  return { type: (text) => send(typed(text)), size: (columns, rows) => send(sized(columns, rows)), close: () => socket.close() };
}
