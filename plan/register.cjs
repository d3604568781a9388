// The policy pack stands on its own, and so does its loader: here it loads the program, the plan and the tests.
require("../policy-pack/register.cjs");
