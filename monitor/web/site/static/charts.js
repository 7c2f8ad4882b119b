// Draws the charts again where they stand, with words at the pointer. The page is complete without it.
const OPTIONS = {
  ast: true, actions: false, renderer: "svg", defaultStyle: false, hover: true,
  tooltip: { disableDefaultStyle: true },
};

const library = document.currentScript.dataset.library;
let loading;

function loaded() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = library;
    script.onload = () => resolve(window.vegaEmbed);
    script.onerror = reject;
    document.head.append(script);
  });
  return loading;
}

// The library follows clicks alone; a link can be reached with the keyboard, too.
function asLink(path) {
  const href = path.__data__?.href;
  if (!href) return;
  const link = document.createElementNS("http://www.w3.org/2000/svg", "a");
  link.setAttribute("href", href);
  link.setAttribute("aria-label", path.getAttribute("aria-label"));
  path.replaceWith(link);
  link.append(path);
}

async function drawAgain(place) {
  const [embed, answer] = await Promise.all([loaded(), fetch(place.dataset.spec)]);
  if (!answer.ok) return;
  const old = place.querySelector("svg");
  const fresh = document.createElement("div");
  await embed(fresh, await answer.json(), OPTIONS);
  const svg = fresh.querySelector("svg");
  for (const name of ["role", "aria-label"]) svg.setAttribute(name, old.getAttribute(name));
  svg.querySelectorAll("path[aria-label]").forEach(asLink);
  svg.setAttribute("viewBox", old.getAttribute("viewBox"));
  fresh.removeAttribute("class");
  fresh.removeAttribute("role");
  old.replaceWith(svg);
  place.dataset.drawn = "again";
}

const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    drawAgain(target).catch((error) => console.warn("a chart stays as it was drawn by the server", error));
  }
});

function watch(part) {
  for (const place of part.querySelectorAll("[data-spec]")) seen.observe(place);
}

window.addEventListener("load", () => (window.requestIdleCallback ?? setTimeout)(() => watch(document)));
document.addEventListener("live", (event) => watch(event.detail));
