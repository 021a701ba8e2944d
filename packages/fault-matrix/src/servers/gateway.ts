/** Stands before a real server, and answers some requests itself. */
export interface Gateway {
  /** `127.0.0.1:port`. */
  readonly address: string;
  close(): Promise<void>;
}
