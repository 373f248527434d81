// The app's API from JavaScript, with nothing to install: Node 18 or newer, or a browser.
//
//   node client.mjs [address]
//   import { ask } from "./client.mjs";
//
// A page of any site may ask an app on the web; an app on this machine answers only pages from it.

/**
 * Call an endpoint. Its arguments follow in their order; trailing ones may be left out.
 * Gives the list of its answers: the /plot_ endpoints have two, a figure and a table, others one.
 */
export async function ask(address, endpoint, ...values) {
  const response = await fetch(`${address.replace(/\/+$/, "")}/gradio_api/run/${endpoint}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ data: values }),
  });
  // A proxy before the app may answer with a page of its own, which is no JSON.
  const answer = await response.json().catch(() => ({}));
  // What cannot be answered has status 422 and a sentence that says what to do.
  if (answer.error) throw new Error(answer.error);
  if (!answer.data) throw new Error(`No answer from the app, but status ${response.status}.`);
  return answer.data;
}

async function main(address) {
  const [comparison] = await ask(address, "compare", "king", "queen");
  console.log(`${comparison.similarity.toFixed(3)}: ${comparison.reading}`);

  // Another model of /models, named last. Its scores have a scale of their own; compare percentiles.
  const [other] = await ask(address, "compare", "king", "queen", "wordllama");
  const percentiles = [comparison, other].map(({ percentile }) => `${percentile.toFixed(1)} %`);
  console.log(`Higher than ${percentiles.join(" and ")}`);

  const expression = "king - male + female";
  const candidates = "queen, princess, man, prince, lady, monarch, duchess, empress".split(", ");
  const [solution] = await ask(address, "solve", expression, candidates);
  const best = solution.matches[0];
  console.log(`${expression}: ${best.text} (${best.similarity.toFixed(3)})`);

  try {
    await ask(address, "solve", "king -");
  } catch (error) {
    console.log(`Refused: ${error.message}`);
  }
}

// Only when started from the command line, not when another program imports this file.
if (globalThis.process?.argv[1]?.endsWith("client.mjs")) {
  await main(process.argv[2] ?? "http://127.0.0.1:7860");
}
