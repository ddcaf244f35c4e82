// While what was typed is looked for, a list still shows what answered the words before: none of it
// can be chosen, or who types fast and presses Enter would choose another thing than they named.
"use strict";

(() => {
  const $ = window.django && window.django.jQuery;
  if (!$) {
    return;
  }
  $(document).on("select2:selecting", (event) => {
    if (document.querySelector(".select2-results .loading-results")) {
      event.preventDefault();
    }
  });
})();
