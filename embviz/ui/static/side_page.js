// Light or dark, as the app itself decides it; before the page is drawn.

(() => {
  const theme = new URLSearchParams(location.search).get("__theme");
  const isDark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.classList.toggle("dark", isDark);
})();
