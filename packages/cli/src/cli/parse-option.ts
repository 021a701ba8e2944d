import { InvalidArgumentError } from "commander";

/** A parser for an option that is an integer in a range. */
export function integerOption(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^[+-]?\d+$/.test(text.trim()) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`expected an integer from ${min} to ${max}`);
  };
}

/** A parser for an option that is a list with commas. */
export function listOption(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** A parser for an option that may be given several times. */
export function repeatableOption(text: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), text];
}
