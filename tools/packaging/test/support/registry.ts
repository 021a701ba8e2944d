import { createHash } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { basename } from "node:path";
import { type PackedPackage, packedManifest } from "../../src/packages/pack.ts";

/** A package registry on this machine that has the packed packages and no other. */
export interface Registry {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves tarballs as a registry does, so that `npm install NAME` resolves them by name and version range. */
export async function startRegistry(packages: readonly PackedPackage[]): Promise<Registry> {
  const byName = new Map(packages.map((packed) => [packed.name, packed]));
  const byFile = new Map(packages.map((packed) => [basename(packed.tarball), packed.tarball]));
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "").slice(1);
    const packed = byName.get(path);
    const tarball = byFile.get(path);
    if (packed !== undefined) sendJson(response, packument(packed, urlOf(server.address())));
    else if (tarball !== undefined) createReadStream(tarball).pipe(response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: urlOf(server.address()),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function urlOf(address: AddressInfo | string | null): string {
  return `http://127.0.0.1:${(address as AddressInfo).port}/`;
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function packument(packed: PackedPackage, url: string): unknown {
  const { name, version, tarball } = packed;
  const integrity = `sha512-${createHash("sha512").update(readFileSync(tarball)).digest("base64")}`;
  const dist = { tarball: `${url}${basename(tarball)}`, integrity };
  const manifest = { ...packedManifest(packed), dist };
  return { name, "dist-tags": { latest: version }, versions: { [version]: manifest } };
}
