export const functionType = "aws:lambda/function:Function";
export const permissionType = "aws:lambda/permission:Permission";
export const urlType = "aws:lambda/functionUrl:FunctionUrl";
export const invocationType = "aws:lambda/invocation:Invocation";
