// Pulumi's SDK loads the TypeScript compiler and npm's dependency tree at start, a third of the time and memory of a whole
// plan, to turn functions of programs into text (dynamic providers, callback functions). Programs that do not do that never
// touch them: here they are loaded when they are first touched.
const Module = require("node:module");

const lazy = new Set(["typescript", "@npmcli/arborist"]);
const sdk = /[\\/]@pulumi[\\/]pulumi[\\/]/;

const { _load: load } = Module;
Module._load = function (request, parent, isMain) {
    return lazy.has(request) && parent && sdk.test(parent.filename ?? "")
        ? whenTouched(() => load.call(this, request, parent, isMain))
        : load.call(this, request, parent, isMain);
};

/** Stands for a module until one of its exports is asked for. */
const whenTouched = (load) =>
    new Proxy(
        {},
        {
            // The SDK asks for this one to see how to import the module, which is no use of it yet.
            get: (_target, key) => (key === "__esModule" ? true : load()[key]),
            has: (_target, key) => key in load(),
        },
    );
