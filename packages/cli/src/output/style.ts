import { styleText } from "node:util";

/** What text is painted for, not with which colour. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly accent: (text: string) => string;
}

const PLAIN: Style = {
  bold: String,
  dim: String,
  good: String,
  bad: String,
  warn: String,
  accent: String,
};

const painted = (format: Parameters<typeof styleText>[0]) => (text: string) => styleText(format, text);

const COLOURED: Style = {
  bold: painted("bold"),
  dim: painted("dim"),
  good: painted("green"),
  bad: painted("red"),
  warn: painted("yellow"),
  accent: painted("cyan"),
};

/**
 * The style for a stream: colours on a terminal only, and never when `NO_COLOR`
 * (no-color.org) is set to anything but an empty text.
 *
 * @param color - false with `--no-color`
 */
export function styleFor(
  stream: { readonly isTTY?: boolean },
  env: NodeJS.ProcessEnv,
  color: boolean | undefined,
): Style {
  const wanted = color !== false && !env.NO_COLOR && env.TERM !== "dumb";
  return wanted && stream.isTTY === true ? COLOURED : PLAIN;
}
