const { availableParallelism } = require("node:os");

module.exports = {
    require: ["./plan/register.cjs", "./test/support/fast-check.ts"],
    extension: ["ts"],
    timeout: 60000,
    // For --parallel. Mocha's default leaves one core idle.
    jobs: availableParallelism(),
    // Where the tests on the real engine are required, a skipped test is a failure.
    "forbid-pending": process.env.AIPX_REQUIRE_ENGINE === "1",
    // A failed assertion in a promise that nobody awaits must fail the run, not pass by.
    "node-option": ["unhandled-rejections=strict"],
};
