// What the scripts say, in the language of the page. Its messages stand in `window.messages`, by the
// message in English; `{name}` is where a value stands. Plurals have two forms: of one, and of all else.

{
  const fill = (message, values) => message.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  window.gettext = (message, values = {}) => fill(window.messages[message] ?? message, values);

  window.ngettext = (one, many, n, values = {}) =>
    fill((window.messages[one] ?? [one, many])[n === 1 ? 0 : 1], { n, ...values });
}
