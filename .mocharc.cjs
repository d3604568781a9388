module.exports = {
    require: ["./plan/register.cjs", "./test/support/fast-check.ts"],
    extension: ["ts"],
    timeout: 30000,
    // A failed assertion in a promise that nobody awaits must fail the run, not pass by.
    "node-option": ["unhandled-rejections=strict"],
};
