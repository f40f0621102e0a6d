"use strict";
const words = JSON.parse(document.getElementById("words").textContent);
const at = (id) => document.getElementById(id);
const [token, tokens, language, query, variables, answer, status] =
  ["token", "tokens", "language", "query", "variables", "answer", "status"].map(at);

const speak = (tag) => {
  document.documentElement.lang = tag;
  for (const element of document.querySelectorAll("[data-word]"))
    element.textContent = words[tag][element.dataset.word];
  for (const element of document.querySelectorAll("[data-hint]"))
    element.placeholder = words[tag][element.dataset.hint];
};
language.value = document.documentElement.lang;
language.addEventListener("change", () => speak(language.value));

// Tokens that opened the door are kept in this tab, and are gone when it is closed.
const kept = () => JSON.parse(sessionStorage.getItem("tokens") || "[]");
const offer = () => tokens.replaceChildren(...kept().map((value) => {
  const option = document.createElement("option");
  option.value = value;
  return option;
}));
const keep = (value) => {
  const others = kept().filter((other) => other !== value).slice(0, 19);
  sessionStorage.setItem("tokens", JSON.stringify([value, ...others]));
  offer();
};
offer();
token.value = kept()[0] || "";

const show = (text, line) => {
  answer.textContent = text;
  status.textContent = line;
};
const ask = async (path, options) => {
  const secret = token.value.trim();
  const headers = { "accept-language": language.value, ...options.headers };
  if (secret) headers.authorization = `Bearer ${secret}`;
  show("", words[language.value].waiting);
  const begun = performance.now();
  try {
    const response = await fetch(path, { ...options, headers, cache: "no-store" });
    const text = await response.text();
    const spent = Math.round(performance.now() - begun);
    if (response.ok && secret) keep(secret);
    const kind = response.headers.get("content-type") || "";
    const shown = kind.includes("json") ? JSON.stringify(JSON.parse(text), null, 2) : text;
    const spoken = response.headers.get("content-language");
    show(shown, [response.status, `${spent} ms`, spoken].filter(Boolean).join(" · "));
  } catch (error) {
    show(String(error), words[language.value].failed);
  }
};
const run = () => {
  let given;
  try {
    given = JSON.parse(variables.value.trim() || "{}");
  } catch (error) {
    show(String(error), words[language.value].variables);
    return undefined;
  }
  return ask("/graphql", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/graphql-response+json",
    },
    body: JSON.stringify({ query: query.value, variables: given }),
  });
};
at("run").addEventListener("click", run);
at("schema").addEventListener("click", () => ask("/schema.graphql", { headers: {} }));
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
});
