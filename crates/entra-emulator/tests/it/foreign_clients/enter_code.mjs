// A person with a device's code, in a process of its own. Arguments: the page, the code, the account.

import { enterCode } from "./person.mjs";

await enterCode(...process.argv.slice(2));
