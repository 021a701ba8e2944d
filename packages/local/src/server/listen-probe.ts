import { createServer } from "node:net";

/**
 * Listens for a moment, and rejects with the operating system's own error where
 * that cannot be done. A gRPC server that cannot listen hides the reason and
 * writes to stderr on top.
 */
export function probeListen(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve()));
  });
}
