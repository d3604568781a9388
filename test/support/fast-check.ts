import * as fc from "fast-check";

// The same cases in every run: whether a change lands must not hang on luck. To look for more, name another seed:
// AIPX_SEED=$RANDOM npm test
fc.configureGlobal({ seed: Number(process.env.AIPX_SEED ?? 20261123) });
