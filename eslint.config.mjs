import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import globals from "globals";
import tseslint from "typescript-eslint";

export default tseslint.config(
    { ignores: ["node_modules/", "coverage/"] },
    js.configs.recommended,
    {
        files: ["**/*.ts"],
        extends: [tseslint.configs.recommendedTypeChecked],
        languageOptions: {
            parserOptions: { project: "./tsconfig.typecheck.json", tsconfigRootDir: import.meta.dirname },
        },
        rules: {
            // Resources are created for their effect: most are never referred to again.
            "no-new": "off",
            "@typescript-eslint/explicit-module-boundary-types": "error",
            "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
            "@typescript-eslint/switch-exhaustiveness-check": "error",
            eqeqeq: "error",
        },
    },
    {
        // Recorded inputs and outputs are of any type, as they are in Pulumi's protocol.
        files: ["plan/**/*.ts", "test/**/*.ts"],
        rules: {
            "@typescript-eslint/no-explicit-any": "off",
            "@typescript-eslint/no-unsafe-argument": "off",
            "@typescript-eslint/no-unsafe-assignment": "off",
            "@typescript-eslint/no-unsafe-call": "off",
            "@typescript-eslint/no-unsafe-member-access": "off",
            "@typescript-eslint/no-unsafe-return": "off",
            "@typescript-eslint/no-unused-expressions": "off",
        },
    },
    { files: ["**/*.cjs", "policy-pack/index.js"], languageOptions: { globals: globals.node, sourceType: "commonjs" } },
    { files: ["**/*.mjs"], languageOptions: { globals: globals.node } },
    prettier,
);
