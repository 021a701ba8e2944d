/**
 * A message that has its encoding already, which `encode` then gives as it is.
 * Copies of it have none, so that one with other values is not sent as this one.
 */
export abstract class EncodedMessage {
  /** Not to be changed. */
  abstract get encoding(): Uint8Array<ArrayBuffer>;
}
