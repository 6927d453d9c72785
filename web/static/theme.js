// Light or dark by the system, before anything is drawn. A page that asks for dark (the desk) gets it.
(function () {
  var root = document.documentElement;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function apply() {
    var wanted = root.dataset.desk === "dark" || dark.matches ? "dark" : "light";
    root.setAttribute("data-bs-theme", wanted);
  }
  dark.addEventListener("change", apply);
  apply();
})();
