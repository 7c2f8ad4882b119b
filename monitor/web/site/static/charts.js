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

async function drawAgain(place) {
  const [embed, answer] = await Promise.all([loaded(), fetch(place.dataset.spec)]);
  if (!answer.ok) return;
  const old = place.querySelector("svg");
  const fresh = document.createElement("div");
  const drawn = await embed(fresh, await answer.json(), OPTIONS);
  const svg = fresh.querySelector("svg");
  for (const name of ["role", "aria-label"]) svg.setAttribute(name, old.getAttribute(name));
  svg.setAttribute("viewBox", old.getAttribute("viewBox"));
  fresh.removeAttribute("class");
  fresh.removeAttribute("role");
  old.replaceWith(svg);
  place.view = drawn.view;
}

const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    drawAgain(target).catch((error) => console.warn("a chart stays as it was drawn by the server", error));
  }
});

function watch() {
  for (const place of document.querySelectorAll("[data-spec]")) seen.observe(place);
}

window.addEventListener("load", () => (window.requestIdleCallback ?? setTimeout)(watch));
