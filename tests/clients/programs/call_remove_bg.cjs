// Run by Node with npm's remove.bg: makes the calls that it is given in JSON, and prints what came of each.
const fs = require("node:fs");
const client = require("remove.bg");

const WAYS = {
  file: (source) => [client.removeBackgroundFromImageFile, { path: source }],
  url: (source) => [client.removeBackgroundFromImageUrl, { url: source }],
  base64: (source) => [
    client.removeBackgroundFromImageBase64,
    { base64img: fs.readFileSync(source).toString("base64") },
  ],
};

async function makeCall({ key, by, source, saved, ...options }) {
  const [remove, picture] = WAYS[by](source);
  try {
    const { base64img, ...told } = await remove({ apiKey: key, outputFile: saved, ...picture, ...options });
    return { ...told, characters: base64img.length };
  } catch (errors) {
    return { errors };
  }
}

(async () => {
  const outcomes = [];
  for (const call of JSON.parse(process.argv[2])) outcomes.push(await makeCall(call));
  console.log(JSON.stringify(outcomes));
})();
