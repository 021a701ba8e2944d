// The Python client's "Advanced Error Handling" program.
import { InvalidArgumentError, NotFoundError, VectronClient } from "@vectron/node";

export async function main(host: string, apiKey: string): Promise<void> {
  const client = new VectronClient({ host, apiKey });
  try {
    const point = await client.get("my-ts-collection", "non-existent-id");
    console.log(point);
  } catch (error) {
    if (error instanceof NotFoundError) {
      console.log("Point not found, as expected.");
    } else if (error instanceof InvalidArgumentError) {
      console.log(`Invalid argument provided: ${error.message}`);
    } else {
      throw error;
    }
  } finally {
    await client.close();
  }
}
