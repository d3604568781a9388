import tseslint from "typescript-eslint";
import project from "./eslint.config.mjs";

// For the hook before a commit (.husky/pre-commit): all rules but those that need types. Those of @pulumi/aws alone take half a minute to
// read, which `npm run lint` and CI may, and a commit may not.
export default tseslint.config(...project, tseslint.configs.disableTypeChecked);
