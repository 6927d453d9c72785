// Keys pressed while the page is still loading. keyboard.js obeys them as soon as it is there.
window.earlyKeys = [];
window.keepEarlyKey = function (event) {
  window.earlyKeys.push(event);
};
document.addEventListener("keydown", window.keepEarlyKey);
