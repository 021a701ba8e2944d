/**
 * One remote procedure, as data: what the API and the transports agree on.
 * `I` and `O` are the plain message types of the request and the reply.
 */
export interface MethodDescriptor<I, O> {
  /** Full service name, `vectron.v1.VectronService`. */
  readonly service: string;
  /** Name within the service, `Upsert`. */
  readonly name: string;
  /** gRPC path, `/vectron.v1.VectronService/Upsert`. */
  readonly path: string;
  readonly kind: "unary" | "server-stream";
  /** Whether repeating the call has the same effect as making it once. */
  readonly idempotent: boolean;
  /** Whether the call changes nothing on the server; implies `idempotent`. */
  readonly readOnly: boolean;
  /** Carries the message types; never set. */
  readonly types?: { readonly request: I; readonly reply: O };
}
