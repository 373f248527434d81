// Gradio's page reads all its answers from one stream, which the server ends once every question that
// it knows of is answered. A page that asks again before it has read of that end waits at the old
// stream for ever, and one that has no stream left after a lost connection never asks for another. So
// the page gets one stream here that lasts as long as itself. Behind it the server's are read, one
// after the other, while a question has no answer.

{
  const fetchFromServer = window.fetch;
  const encoder = new TextEncoder();

  // Questions by the id on their receipt: without an answer, and those whose answer came first.
  const awaited = new Set();
  const early = new Set();
  let address;
  let toPage = null; // What the lasting stream is written with.
  let isReading = false;

  window.fetch = async (resource, options) => {
    const { href, pathname } = new URL(resource.url ?? resource, location.href);
    if (pathname.endsWith("/gradio_api/queue/data")) {
      address = href;
      return new Response(openLastingStream());
    }
    const response = await fetchFromServer(resource, options);
    if (pathname.endsWith("/gradio_api/queue/join") && response.ok) {
      const { event_id: id } = await response.clone().json();
      if (!early.delete(id)) awaited.add(id);
      if (toPage) readAnswers();
    }
    return response;
  };

  function openLastingStream() {
    let controller;
    const stream = new ReadableStream({
      start(its) {
        controller = toPage = its;
      },
      cancel() {
        if (toPage === controller) toPage = null;
      },
    });
    readAnswers();
    return stream;
  }

  async function readAnswers() {
    if (isReading) return;
    isReading = true;
    try {
      while (awaited.size) await readUntilItEnds();
    } catch (error) {
      console.error(error);
      for (const id of awaited) {
        // As a question that was refused. After Gradio's own "broken_connection" its page starts anew,
        // without what was typed.
        const error = gettext("The connection was lost: please ask again.");
        const output = { error, duration: 10, visible: true };
        const failed = { msg: "process_completed", event_id: id, success: false, output };
        pass(`data: ${JSON.stringify(failed)}`);
      }
      awaited.clear();
    }
    isReading = false;
  }

  async function readUntilItEnds() {
    const response = await fetchFromServer(address);
    if (!response.ok) throw new Error(`The answers were refused: ${response.status}`);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let unread = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const messages = (unread + value).split("\n\n");
      unread = messages.pop();
      for (const message of messages) {
        const { msg, event_id: id } = JSON.parse(message.slice("data: ".length));
        if (msg === "close_stream") continue;
        pass(message);
        if (msg === "process_completed" && !awaited.delete(id)) early.add(id);
      }
    }
  }

  function pass(message) {
    toPage?.enqueue(encoder.encode(`${message}\n\n`));
  }
}
