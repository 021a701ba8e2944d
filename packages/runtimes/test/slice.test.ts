import { test } from "vitest";
import { describeCells } from "./support/describe-cells.ts";
import { slice } from "./support/matrix.ts";

if (process.env.VECTRON_HEAVY === undefined) describeCells(slice);
else test.skip("the whole matrix runs instead", () => undefined);
