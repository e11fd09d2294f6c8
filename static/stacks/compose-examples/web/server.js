// Serves the built page and passes /api/ on to the api.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, request } from "node:http";
import { extname, join, normalize } from "node:path";

const PORT = 3000;
const ROOT = join(import.meta.dirname, "dist");
const API = new URL(process.env.API_URL ?? "http://api:8000");
const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
};

/** The api's answer to the same request, without the /api in front. */
function passOn(incoming, outgoing) {
  const { method, headers, url } = incoming;
  const path = url.slice("/api".length);
  const upstream = request({ host: API.hostname, port: API.port, method, headers, path }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.pipe(outgoing);
  });
  upstream.on("error", () => {
    if (!outgoing.headersSent) outgoing.writeHead(502);
    outgoing.end("The api does not answer.\n");
  });
  incoming.pipe(upstream);
}

/** The file at the request's path; the page itself for every other path, as its own router wants it. */
async function serve(incoming, outgoing) {
  const { pathname } = new URL(incoming.url, "http://localhost");
  // `normalize` takes ".." out before it is joined, so nothing outside ROOT is read.
  const wanted = join(ROOT, normalize(decodeURIComponent(pathname)));
  const isFile = await stat(wanted).then((found) => found.isFile(), () => false);
  const file = isFile ? wanted : join(ROOT, "index.html");
  outgoing.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream" });
  createReadStream(file).pipe(outgoing);
}

const server = createServer((incoming, outgoing) => {
  if (incoming.url.startsWith("/api/")) {
    passOn(incoming, outgoing);
    return;
  }
  serve(incoming, outgoing).catch(() => outgoing.writeHead(400).end());
});

server.listen(PORT, () => console.log(`listening on ${PORT}`));
// As process 1 it has to answer the stop signal itself.
process.on("SIGTERM", () => server.close(() => process.exit(0)));
