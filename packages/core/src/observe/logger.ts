/** Facts of a log line, by name. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Where log lines go; `console` fits, and so do pino's and winston's loggers with
 * their arguments turned round. What is logged never holds a token, a vector or
 * a payload.
 */
export interface Logger {
  debug?(message: string, fields?: LogFields): void;
  info?(message: string, fields?: LogFields): void;
  warn?(message: string, fields?: LogFields): void;
  error?(message: string, fields?: LogFields): void;
}
