// Run by Node with npm's removebg-wrapper: makes one call that it is given in JSON, and prints what it said.
// It writes output.png or output-2.png itself, and tells of errors on the console alone.
const client = require("removebg-wrapper");

const [{ key, by, source }] = JSON.parse(process.argv[2]);
const said = [];
console.error = (...words) => said.push(words.join(" "));
process.on("beforeExit", () => console.log(JSON.stringify([{ said }])));
(by === "file" ? client.rbFromImageFile : client.rbFromImageUrl)(source, key);
