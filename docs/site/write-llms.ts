// Brings the repository's llms.txt up to date.
import { writeRepositoryList } from "./llms.ts";

writeRepositoryList();
