import type { TlsOptions } from "@vectron/node";

/** How a fetch transport talks. */
export type HttpProtocol = "json" | "grpc-web" | "connect";

export const HTTP_PROTOCOLS: readonly HttpProtocol[] = ["json", "grpc-web", "connect"];

interface TargetFacts {
  /** Where the address came from, for people: `--host`, `VECTRON_HOST`, `profile "prod"`, `default`. */
  readonly source: string;
}

export interface GrpcTarget extends TargetFacts {
  readonly kind: "grpc";
  readonly host: string;
  readonly apiKey: string | undefined;
  readonly tls: false | TlsOptions;
}

export interface HttpTarget extends TargetFacts {
  readonly kind: "http";
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly protocol: HttpProtocol;
}

export interface DirectoryTarget extends TargetFacts {
  readonly kind: "directory";
  readonly path: string;
}

/** What commands work on. */
export type Target = GrpcTarget | HttpTarget | DirectoryTarget;

/** A target in a few words. */
export function describeTarget(target: Target): string {
  if (target.kind === "grpc") return `${target.host} (gRPC${target.tls ? " with TLS" : ""})`;
  if (target.kind === "http") return `${target.baseUrl} (HTTP, ${target.protocol})`;
  return `${target.path} (a directory)`;
}
