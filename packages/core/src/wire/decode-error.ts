/** Bytes or JSON that are not an encoding of the expected message. */
export class DecodeError extends Error {
  /** Where in the message, `points[3].vector[2]`; empty for the message itself and in binary input. */
  readonly path: string;
  /** The message without the path. */
  readonly reason: string;

  constructor(reason: string, path = "", options?: { cause?: unknown }) {
    super(path === "" ? reason : `${path}: ${reason}`, options);
    this.name = "DecodeError";
    this.path = path;
    this.reason = reason;
  }
}
