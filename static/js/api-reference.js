/* The page of the API's reference: the language is remembered, examples are copied, the contents show where one
 * is. It works without this. */

const LANGUAGE = "api-language";

/** @type {NodeListOf<HTMLInputElement>} */ const choices =
  document.querySelectorAll('input[name="language"]');
const remembered = localStorage.getItem(LANGUAGE);
for (const choice of choices) {
  if (choice.value === remembered) choice.checked = true;
  choice.addEventListener("change", () => localStorage.setItem(LANGUAGE, choice.value));
}

for (const button of navigator.clipboard ? document.querySelectorAll(".copy") : []) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.closest("figure").querySelector("code").textContent);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
}

const links = new Map(
  [.../** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".contents a[href^='#']"))].map(
    (link) => [link.hash.slice(1), link],
  ),
);
const seen = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const link of links.values()) link.removeAttribute("aria-current");
      links.get(entry.target.id).setAttribute("aria-current", "true");
    }
  },
  { rootMargin: "0px 0px -80% 0px" },
);
for (const id of links.keys()) seen.observe(document.getElementById(id));
