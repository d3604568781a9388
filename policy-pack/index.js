// The engine loads packs with type checking, which costs seconds at every preview. Here types are only stripped, once; they
// are checked by the project's `npm run typecheck`.
require("./register.cjs");
require("./main.ts");
