// The SDK sends the engine its messages for debugging one after the other, four for each resource, though nobody reads them:
// a quarter of the time of an `up` that has nothing to do.
require("@pulumi/pulumi/log").debug = () => Promise.resolve();
