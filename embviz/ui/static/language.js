// The language of the page: what its scripts say in it, and what else is asked for in it. The messages
// stand in `window.messages`, by the message in English; `{name}` is where a value stands. Plurals have
// two forms: of one, and of all else.

{
  const fill = (message, values) => message.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  window.gettext = (message, values = {}) => fill(window.messages[message] ?? message, values);

  window.ngettext = (one, many, n, values = {}) =>
    fill((window.messages[one] ?? [one, many])[n === 1 ? 0 : 1], { n, ...values });

  // The answer to a question comes in the language of the page, whatever the browser's is.
  const fetchInAnyLanguage = window.fetch;
  window.fetch = (resource, options) => {
    const url = new URL(resource.url ?? resource, location.href);
    const isAsked = options?.method === "POST" || url.pathname.endsWith("/class/truths");
    if (!isAsked || url.origin !== location.origin) return fetchInAnyLanguage(resource, options);
    url.searchParams.set("language", document.documentElement.lang);
    return fetchInAnyLanguage(url.href, options);
  };

  document.addEventListener(
    "click",
    ({ target }) => {
      const link = target.closest?.("a[href]");
      if (!link) return;
      // What is shown stays as it is in another language.
      if (link.dataset.language) {
        const url = new URL(location.href);
        url.searchParams.set("language", link.dataset.language);
        link.href = url.href;
        return;
      }
      // Where the address decides about the language, it does so for the pages beside this one.
      const chosen = new URLSearchParams(location.search).get("language");
      const url = new URL(link.href);
      const isOurs = url.origin === location.origin && /^https?:$/.test(url.protocol);
      if (!chosen || !isOurs || link.getAttribute("href").startsWith("#")) return;
      if (url.searchParams.has("language")) return;
      url.searchParams.set("language", chosen);
      link.href = url.href;
    },
    true,
  );
}
