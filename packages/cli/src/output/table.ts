import stringWidth from "fast-string-width";
import type { Style } from "./style.ts";

export interface Column {
  readonly title: string;
  /** Numbers stand under each other at the right. Default left. */
  readonly align?: "left" | "right";
}

/** Rows under titles, in columns as wide as their widest cell. */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  style: Style,
): string {
  const cells = rows.map((row) => row.map(printable));
  const widths = columns.map(({ title }, i) =>
    cells.reduce((widest, row) => Math.max(widest, stringWidth(row[i] ?? "")), stringWidth(title)),
  );
  const line = (row: readonly string[]) =>
    columns
      .map(({ align }, i) => pad(row[i] ?? "", widths[i] ?? 0, align))
      .join("  ")
      .trimEnd();
  return [style.bold(line(columns.map(({ title }) => title))), ...cells.map(line)].join("\n");
}

function pad(text: string, width: number, align: Column["align"]): string {
  const blanks = " ".repeat(Math.max(0, width - stringWidth(text)));
  return align === "right" ? blanks + text : text + blanks;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: stored text must not move the cursor of the terminal
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;

/** Text of others on one line, and without the power to command the terminal. */
export function printable(text: string): string {
  return text.replace(CONTROL, (character) => {
    const escaped = JSON.stringify(character).slice(1, -1);
    return escaped.length > 1 ? escaped : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** At most `width` columns of the terminal; what is cut off is marked. */
export function shorten(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = "";
  let used = 1;
  for (const character of text) {
    used += stringWidth(character);
    if (used > width) break;
    kept += character;
  }
  return `${kept}…`;
}
